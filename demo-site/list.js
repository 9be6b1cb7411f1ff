// The range, whole or one category of it, in the order that was chosen.
import './layout.js';
import { fill, html } from './markup.js';
import { productCard } from './product-card.js';
import { categories, categoryById, products } from './products.js';

const category = categoryById(new URLSearchParams(location.search).get('category'));
const shown = products.filter((product) => !category || product.category === category.id);

const orders = {
  range: () => 0,
  cheap: (a, b) => a.price.amount_minor - b.price.amount_minor,
  dear: (a, b) => b.price.amount_minor - a.price.amount_minor,
  name: (a, b) => a.name.localeCompare(b.name, 'de'),
};

document.title = `${category?.name ?? 'All gear'} – Fernweh`;
document.getElementById('list-title').textContent = category?.name ?? 'All gear';
document.getElementById('list-line').textContent = category?.line ?? 'Twelve things, chosen slowly.';

const chips = [{ id: 'all', name: 'All', href: '/demo/list.html' }, ...categories.map(({ id, name }) => ({ id, name, href: `/demo/list.html?category=${id}` }))];
fill(document.getElementById('filters'), html`${chips.map(
  ({ id, name, href }) => html`<li><a class="chip" id="filter-${id}" href="${href}" ${id === (category?.id ?? 'all') ? html`aria-current="true"` : ''}>${name}</a></li>`,
)}`);

const sort = document.getElementById('sort');
function show() {
  fill(document.getElementById('products'), html`${[...shown].sort(orders[sort.value]).map(productCard)}`);
  document.getElementById('list-count').textContent = shown.length === 1 ? '1 product' : `${shown.length} products`;
}
sort.addEventListener('change', show);
show();
