// One product: what it is, its size if it has one, and the way into the cart.
import './layout.js';
import { addedToCart, productViewed } from './analytics.js';
import { addToCart } from './cart.js';
import { fill, html } from './markup.js';
import { priceText } from './money.js';
import { productCard } from './product-card.js';
import { categoryById, productById, products } from './products.js';

const main = document.getElementById('main');
const product = productById(new URLSearchParams(location.search).get('id'));

if (product) show(product);
else showNothingFound();

function show(product) {
  const category = categoryById(product.category);
  const related = [...products.filter((other) => other.category === product.category), ...products]
    .filter((other, i, all) => other !== product && all.indexOf(other) === i)
    .slice(0, 4);
  document.title = `${product.name} – Fernweh`;
  fill(main, html`
    <nav class="crumbs" aria-label="Breadcrumb"><a id="crumb-list" href="/demo/list.html">Shop</a><a id="crumb-category" href="/demo/list.html?category=${category.id}">${category.name}</a><span aria-current="page">${product.name}</span></nav>
    <article class="product">
      <div class="tile tile-${product.category} product-image"><img src="/demo/img/${product.image}.svg" width="400" height="400" alt="${product.name}: ${product.kind}" /></div>
      <div class="product-text">
        <h1>${product.name}</h1>
        <p class="lead">${product.kind}</p>
        <p class="price" id="product-price">${priceText(product.price)}</p>
        <p>${product.text}</p>
        <form class="buy" id="buy-form">
          ${product.sizes && sizeChoice(product.sizes)}
          <div class="buy-row">
            <div class="field quantity">
              <label for="quantity">Quantity</label>
              <select id="quantity" name="quantity">${[1, 2, 3, 4, 5].map((n) => html`<option>${n}</option>`)}</select>
            </div>
            <button class="button button-large" id="add-to-cart" type="submit">Add to cart</button>
          </div>
          <p class="form-note" id="buy-status" role="status"></p>
        </form>
        <dl class="facts">${Object.entries(product.facts).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
        <p class="small">Article ${product.sku}. Repaired free of charge for as long as we exist.</p>
      </div>
    </article>
    <section class="band" aria-labelledby="related-title">
      <h2 id="related-title">Travels well with</h2>
      <ul class="grid" id="related">${related.map(productCard)}</ul>
    </section>`);

  document.getElementById('buy-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const choice = new FormData(event.target);
    const quantity = Number(choice.get('quantity'));
    addToCart(product, choice.get('size'), quantity);
    addedToCart(product, quantity);
    fill(document.getElementById('buy-status'), html`In your cart. <a id="go-to-cart" href="/demo/cart.html">Go to cart</a>`);
  });
  productViewed(product);
}

function sizeChoice(sizes) {
  const middle = sizes[Math.floor((sizes.length - 1) / 2)];
  return html`
    <fieldset class="sizes">
      <legend>Size <a id="product-size-guide" href="/demo/size-guide.pdf" download>Size guide</a></legend>
      ${sizes.map((size) => {
        const id = `size-${size.toLowerCase().replace('/', '')}`;
        return html`<span><input type="radio" name="size" id="${id}" value="${size}" ${size === middle ? 'checked' : ''} /><label for="${id}">${size}</label></span>`;
      })}
    </fieldset>`;
}

function showNothingFound() {
  document.title = 'Not in the range – Fernweh';
  fill(main, html`
    <div class="empty">
      <h1>This one got away</h1>
      <p>There is no such product, or no longer.</p>
      <a class="button" id="back-to-list" href="/demo/list.html">See all gear</a>
    </div>`);
}
