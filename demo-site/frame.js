// Header and footer of every page. `section` is the part of the shop that a page belongs to, `query` what is searched for.
import { html } from './markup.js';

export function header(section, query = '') {
  const current = (name) => (name === section ? html`aria-current="page"` : '');
  return html`
    <div class="bar">
      <a class="brand" id="nav-home" href="/demo/"><img src="/demo/img/mark.svg" width="36" height="36" alt="" />Fernweh</a>
      <nav class="nav" aria-label="Main">
        <a id="nav-list" href="/demo/list.html" ${current('list')}>Shop</a>
        <a id="nav-story" href="/demo/story.html" ${current('story')}>Story</a>
        <a id="nav-app" href="/demo/app/" ${current('app')}>Account</a>
      </nav>
      <form class="search" id="search-form" role="search" action="/demo/search.html" method="get">
        <label class="hidden" for="search-input">Search the shop</label>
        <input id="search-input" type="search" name="q" placeholder="Search" autocomplete="off" required value="${query}" />
        <button id="search-submit" type="submit" aria-label="Search">
          <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path d="M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21" /></svg>
        </button>
      </form>
      <a class="cart-link" id="nav-cart" href="/demo/cart.html" ${current('cart')}>Cart <span class="count" id="cart-count"></span><span class="hidden"> items</span></a>
    </div>`;
}

export const footer = () => html`
  <div class="footer-columns">
    <form class="newsletter" id="newsletter-form" aria-labelledby="newsletter-title">
      <h2 id="newsletter-title">Letters from elsewhere</h2>
      <p>One place, one route, one packing list. On the first Sunday of the month.</p>
      <div class="newsletter-row">
        <label class="hidden" for="newsletter-email">E-mail address</label>
        <input id="newsletter-email" name="email" type="email" placeholder="you@example.org" autocomplete="email" required />
        <button class="button" id="newsletter-submit" type="submit">Sign up</button>
      </div>
      <p class="form-note" id="newsletter-status" role="status"></p>
    </form>
    <nav aria-label="Help">
      <h2>Good to know</h2>
      <ul>
        <li><a id="download-size-guide" href="/demo/size-guide.pdf" download>Size guide (PDF)</a></li>
        <li><a id="footer-cart" href="/demo/cart.html">Your cart</a></li>
        <li><a id="footer-orders" href="/demo/app/orders">Your orders</a></li>
        <li><a id="outbound-map" href="https://www.openstreetmap.org/" rel="noopener">Maps by OpenStreetMap</a></li>
      </ul>
    </nav>
    <div>
      <h2>Fernweh</h2>
      <p><em>Fernweh</em>, noun: the ache to be somewhere far away; homesickness, turned around.</p>
      <p class="small">This is a demo shop. Nothing here is for sale, and nothing is charged.</p>
    </div>
  </div>`;
