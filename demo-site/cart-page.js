// The cart: change, remove, go on to the checkout.
import './layout.js';
import { removedFromCart } from './analytics.js';
import { cartLines, cartTotal, setQuantity } from './cart.js';
import { fill, html } from './markup.js';
import { plus, priceText, times } from './money.js';
import { shippingCost } from './shipping.js';

const content = document.getElementById('cart');

function show() {
  const lines = cartLines();
  fill(content, lines.length ? filled(lines) : empty());
}

function filled(lines) {
  const subtotal = cartTotal();
  const shipping = shippingCost('rail', subtotal);
  return html`
    <div class="with-side">
      <ul class="lines" id="cart-lines">${lines.map(lineItem)}</ul>
      <aside class="panel" aria-label="Summary">
        <dl class="sums">
          <div><dt>Subtotal</dt><dd id="cart-subtotal">${priceText(subtotal)}</dd></div>
          <div><dt>Shipping by rail</dt><dd>${shipping.amount_minor ? priceText(shipping) : 'Free'}</dd></div>
          <div class="total"><dt>Total</dt><dd id="cart-total">${priceText(plus(subtotal, shipping))}</dd></div>
        </dl>
        <a class="button button-large" id="cart-checkout" href="/demo/checkout.html">Go to checkout</a>
        <a class="quiet" id="cart-continue" href="/demo/list.html">Keep looking around</a>
      </aside>
    </div>`;
}

function lineItem({ key, product, size, quantity }) {
  return html`
    <li class="line">
      <a class="tile tile-${product.category}" href="/demo/product.html?id=${product.id}" tabindex="-1" aria-hidden="true"><img src="/demo/img/${product.image}.svg" width="400" height="400" alt="" /></a>
      <div class="line-text">
        <h2><a id="cart-product-${key}" href="/demo/product.html?id=${product.id}">${product.name}</a></h2>
        <p>${size ? `Size ${size}` : product.kind}</p>
        <div class="line-controls">
          <span class="stepper">
            <button id="cart-less-${key}" type="button" data-key="${key}" data-by="-1" aria-label="One ${product.name} less">−</button>
            <output id="cart-quantity-${key}" aria-label="Quantity">${quantity}</output>
            <button id="cart-more-${key}" type="button" data-key="${key}" data-by="1" aria-label="One ${product.name} more">+</button>
          </span>
          <button class="quiet" id="cart-remove-${key}" type="button" data-key="${key}" data-by="-9" aria-label="Remove ${product.name}">Remove</button>
        </div>
      </div>
      <p class="line-price">${priceText(times(product.price, quantity))}</p>
    </li>`;
}

function empty() {
  return html`
    <div class="empty" id="cart-empty">
      <p>Your cart is as empty as a platform at four in the morning.</p>
      <a class="button" id="cart-continue" href="/demo/list.html">See all gear</a>
    </div>`;
}

content.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-key]');
  if (!button) return;
  const line = cartLines().find((line) => line.key === button.dataset.key);
  if (!line) return;
  const quantity = Math.max(0, line.quantity + Number(button.dataset.by));
  setQuantity(line.key, quantity);
  if (quantity < line.quantity) removedFromCart(line.product, line.quantity - quantity);
  show();
  // The list was drawn anew; the keyboard stays where it was, or goes to the heading when the line is gone.
  (document.getElementById(button.id) ?? document.getElementById('cart-title')).focus();
});

show();
