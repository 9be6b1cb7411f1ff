// Results of the site's search, which is a plain form that leads here with ?q=.
import './layout.js';
import { fill, html } from './markup.js';
import { productCard } from './product-card.js';
import { products, productsMatching } from './products.js';

const query = (new URLSearchParams(location.search).get('q') ?? '').trim();
const found = productsMatching(query);

document.getElementById('search-title').textContent = query ? `Results for “${query}”` : 'Search';
document.getElementById('result-count').textContent = !query
  ? 'Type a word into the field at the top.'
  : found.length === 1 ? '1 product' : `${found.length} products`;
fill(document.getElementById('results'), html`${found.map(productCard)}`);

if (found.length === 0) {
  document.getElementById('no-results').hidden = false;
  fill(document.getElementById('suggestions'), html`${products.filter((product) => product.featured).map(productCard)}`);
}
