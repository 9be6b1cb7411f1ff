// The start page: what is featured, and the ways into the range.
import './layout.js';
import { fill, html } from './markup.js';
import { productCard } from './product-card.js';
import { categories, products } from './products.js';

fill(document.getElementById('featured'), html`${products.filter((product) => product.featured).map(productCard)}`);

fill(document.getElementById('categories'), html`${categories.map((category) => {
  const face = products.findLast((product) => product.category === category.id);
  return html`
    <li>
      <a class="way tile-${category.id}" id="category-${category.id}" href="/demo/list.html?category=${category.id}">
        <span><strong>${category.name}</strong>${category.line}</span>
        <img src="/demo/img/${face.image}.svg" width="400" height="400" alt="" loading="lazy" />
      </a>
    </li>`;
})}`);
