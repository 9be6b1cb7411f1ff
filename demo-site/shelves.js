// What stands on the pages that show the range: the products packed most often, the ways into it, and all of it.
import { html } from './markup.js';
import { productCard } from './product-card.js';
import { categories, products } from './products.js';

export const featured = () => html`${products.filter((product) => product.featured).map(productCard)}`;

export const ways = () => html`${categories.map((category) => {
  const face = products.findLast((product) => product.category === category.id);
  return html`
    <li>
      <a class="way tile-${category.id}" id="category-${category.id}" href="/demo/list.html?category=${category.id}">
        <span><strong>${category.name}</strong>${category.line}</span>
        <img src="/demo/img/${face.image}.svg" width="400" height="400" alt="" loading="lazy" />
      </a>
    </li>`;
})}`;

export const shelf = (shown) => html`${shown.map(productCard)}`;

const chips = [{ id: 'all', name: 'All', href: '/demo/list.html' }, ...categories.map(({ id, name }) => ({ id, name, href: `/demo/list.html?category=${id}` }))];

/** The categories, of which one is chosen. */
export const filters = (chosen = 'all') => html`${chips.map(
  ({ id, name, href }) => html`<li><a class="chip" id="filter-${id}" href="${href}" ${id === chosen ? html`aria-current="true"` : ''}>${name}</a></li>`,
)}`;
