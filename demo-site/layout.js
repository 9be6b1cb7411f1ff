// Header and footer of every page, the cart's count and the newsletter form.
import { newsletterSignedUp } from './analytics.js';
import { cartCount, changes } from './cart.js';
import { footer, header } from './frame.js';
import { fill } from './markup.js';

const section = document.body.dataset.section;
const query = section === 'search' ? (new URLSearchParams(location.search).get('q') ?? '') : '';

fill(document.getElementById('site-header'), header(section, query));
fill(document.getElementById('site-footer'), footer());

const count = document.getElementById('cart-count');
const showCount = () => (count.textContent = cartCount());
changes.addEventListener('change', showCount);
showCount();

document.getElementById('newsletter-form').addEventListener('submit', (event) => {
  event.preventDefault();
  newsletterSignedUp('footer');
  event.target.reset();
  document.getElementById('newsletter-status').textContent = 'Thank you. The next letter is yours.';
});
