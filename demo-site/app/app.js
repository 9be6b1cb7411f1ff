// The account: one page whose views change without loading another.
import '../layout.js';
import { fill, html } from '../markup.js';
import { startRouter } from './router.js';
import { missing, views } from './views.js';

const KEY = 'fernweh.profile';

function profile() {
  try {
    return { name: '', station: '', ...JSON.parse(localStorage.getItem(KEY) ?? '{}') };
  } catch {
    return { name: '', station: '' };
  }
}

fill(document.getElementById('main'), html`
  <nav class="tabs" aria-label="Account">
    <a id="app-nav-home" href="/demo/app/" data-view>Overview</a>
    <a id="app-nav-orders" href="/demo/app/orders" data-view>Orders</a>
    <a id="app-nav-profile" href="/demo/app/profile" data-view>Profile</a>
  </nav>
  <h1 id="app-title" tabindex="-1"></h1>
  <div id="app-view"></div>`);

startRouter((name, isFirst) => {
  const view = Object.hasOwn(views, name) ? views[name] : missing;
  const title = document.getElementById('app-title');
  document.title = `${view.title} – Fernweh`;
  title.textContent = view.title;
  for (const link of document.querySelectorAll('.tabs a')) {
    if (link.pathname === location.pathname) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  fill(document.getElementById('app-view'), view.draw(profile()));
  document.getElementById('app-view').dataset.view = name || 'home';
  if (!isFirst) title.focus({ preventScroll: true });
});

document.getElementById('app-view').addEventListener('submit', (event) => {
  if (event.target.id !== 'profile-form') return;
  event.preventDefault();
  localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(new FormData(event.target))));
  document.getElementById('profile-status').textContent = 'Saved in this browser.';
});
