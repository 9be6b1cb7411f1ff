// The range, whole or one category of it, in the order that was chosen.
import './layout.js';
import { fill } from './markup.js';
import { categoryById, products } from './products.js';
import { filters, shelf } from './shelves.js';

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

fill(document.getElementById('filters'), filters(category?.id));

const sort = document.getElementById('sort');
function show() {
  fill(document.getElementById('products'), shelf([...shown].sort(orders[sort.value])));
  document.getElementById('list-count').textContent = shown.length === 1 ? '1 product' : `${shown.length} products`;
}
sort.addEventListener('change', show);
show();
