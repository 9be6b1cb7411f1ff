// A product as it stands in a grid.
import { html } from './markup.js';
import { priceText } from './money.js';

export function productCard(product) {
  return html`
    <li class="card">
      <a class="card-link" id="product-${product.id}" href="/demo/product.html?id=${product.id}">
        <span class="tile tile-${product.category}"><img src="/demo/img/${product.image}.svg" width="400" height="400" alt="" loading="lazy" /></span>
        <span class="card-text"><span class="card-name">${product.name}</span><span class="card-price">${priceText(product.price)}</span></span>
        <span class="card-kind">${product.kind}</span>
      </a>
    </li>`;
}
