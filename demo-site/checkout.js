// The checkout: three steps of one form, of which only the last submits it.
import './layout.js';
import { checkoutStepReached } from './analytics.js';
import { cartLines, cartTotal, emptyCart } from './cart.js';
import { fill, html } from './markup.js';
import { plus, priceText, times } from './money.js';
import { placeOrder } from './orders.js';
import { shippingCost, ways } from './shipping.js';

const byId = (id) => document.getElementById(id);
const form = byId('checkout-form');
const steps = ['address', 'shipping', 'payment'];
const lines = cartLines();
let at = 0;

fill(byId('shipping-ways'), html`${ways.map(
  (way, i) => html`
    <label class="choice" for="shipping-${way.id}">
      <input type="radio" name="shipping" id="shipping-${way.id}" value="${way.id}" ${i === 0 ? 'checked' : ''} />
      <span><strong>${way.name}</strong>${way.line}</span>
      <span class="choice-price">${shippingCost(way.id, cartTotal()).amount_minor ? priceText(way.price) : 'Free'}</span>
    </label>`,
)}`);

function total() {
  return plus(cartTotal(), shippingCost(form.elements.shipping.value, cartTotal()));
}

function showSummary() {
  const shipping = shippingCost(form.elements.shipping.value, cartTotal());
  fill(byId('checkout-summary'), html`
    <ul class="summary-lines">${lines.map(({ product, size, quantity }) => html`<li><span>${quantity} × ${product.name}${size && `, ${size}`}</span><span>${priceText(times(product.price, quantity))}</span></li>`)}</ul>
    <dl class="sums">
      <div><dt>Shipping</dt><dd>${shipping.amount_minor ? priceText(shipping) : 'Free'}</dd></div>
      <div class="total"><dt>Total</dt><dd id="checkout-total">${priceText(total())}</dd></div>
    </dl>`);
  byId('checkout-pay').textContent = `Pay ${priceText(total())}`;
}

function showStep(step) {
  at = step;
  steps.forEach((name, i) => {
    byId(`step-${name}`).hidden = i !== at;
    const mark = byId(`step-mark-${name}`);
    mark.classList.toggle('done', i < at);
    if (i === at) mark.setAttribute('aria-current', 'step');
    else mark.removeAttribute('aria-current');
  });
  const isLast = at === steps.length - 1;
  byId('checkout-back').hidden = at === 0;
  byId('checkout-next').hidden = isLast;
  byId('checkout-pay').hidden = !isLast;
  // A disabled button keeps Enter in an earlier step from submitting the form.
  byId('checkout-pay').disabled = !isLast;
  checkoutStepReached(at + 1, steps[at]);
}

function goTo(step) {
  showStep(step);
  byId(`step-${steps[at]}`).querySelector('h2').focus();
}

function stepIsValid() {
  const fields = [...byId(`step-${steps[at]}`).querySelectorAll('input, select')];
  const wrong = fields.filter((field) => !field.checkValidity());
  fields.forEach((field) => field.setAttribute('aria-invalid', String(wrong.includes(field))));
  wrong[0]?.reportValidity();
  return wrong.length === 0;
}

function orderId() {
  const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
  return `FW-${Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => letters[byte % 32]).join('')}`;
}

byId('checkout-next').addEventListener('click', () => {
  if (stepIsValid()) goTo(at + 1);
});
byId('checkout-back').addEventListener('click', () => goTo(at - 1));
byId('use-test-card').addEventListener('click', () => {
  form.elements['card-number'].value = '4242 4242 4242 4242';
  form.elements['card-expiry'].value = '12/34';
  form.elements['card-code'].value = '123';
});
form.addEventListener('change', showSummary);
form.addEventListener('input', ({ target }) => {
  if (target.getAttribute('aria-invalid') === 'true' && target.checkValidity()) target.setAttribute('aria-invalid', 'false');
});
form.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || at === steps.length - 1 || !event.target.matches('input, select')) return;
  event.preventDefault();
  byId('checkout-next').click();
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  placeOrder({
    id: orderId(),
    placed_at_ms: Date.now(),
    total: total(),
    items: lines.map(({ product, size, quantity }) => ({ id: product.id, sku: product.sku, name: product.name, size, quantity, price: product.price })),
  });
  emptyCart();
  location.assign('/demo/thanks.html');
});

if (lines.length) {
  showSummary();
  showStep(0);
  byId('checkout').hidden = false;
} else {
  byId('checkout-empty').hidden = false;
}
