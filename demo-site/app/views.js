// The views of the account, by the last part of their address.
import { html } from '../markup.js';
import { priceText } from '../money.js';
import { orders } from '../orders.js';

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

const overview = (name) => {
  const count = orders().length;
  return html`
    <p class="lead">Servus${name && `, ${name}`}. Where to next?</p>
    <ul class="doors">
      <li><a class="panel" id="app-card-orders" href="/demo/app/orders" data-view><strong>${count === 1 ? '1 order' : `${count} orders`}</strong><span>Follow your parcels</span></a></li>
      <li><a class="panel" id="app-card-profile" href="/demo/app/profile" data-view><strong>Profile</strong><span>Your name and your home station</span></a></li>
      <li><a class="panel" id="app-card-story" href="/demo/story.html"><strong>Story</strong><span>By night train to the sea</span></a></li>
    </ul>`;
};

const orderList = () => {
  const list = orders();
  if (list.length === 0) {
    return html`<div class="empty"><p>No orders yet. The best packing list starts with one thing.</p><a class="button" id="app-to-shop" href="/demo/list.html">See all gear</a></div>`;
  }
  return html`
    <ul class="lines" id="app-orders">${list.map(
      (order) => html`
        <li class="line order">
          <div class="line-text"><h2>${order.id}</h2><p>${day.format(order.placed_at_ms)} · ${order.items.map((item) => `${item.quantity} × ${item.name}`).join(', ')}</p></div>
          <p class="line-price">${priceText(order.total)}</p>
        </li>`,
    )}</ul>`;
};

const profileForm = (name, station) => html`
  <form class="panel fields narrow" id="profile-form">
    <div class="field"><label for="profile-name">First name</label><input id="profile-name" name="name" autocomplete="given-name" value="${name}" /></div>
    <div class="field"><label for="profile-station">Home station</label><input id="profile-station" name="station" autocomplete="off" placeholder="Wien Hauptbahnhof" value="${station}" /></div>
    <button class="button" id="profile-save" type="submit">Save</button>
    <p class="form-note" id="profile-status" role="status"></p>
  </form>`;

const notThere = () => html`
  <div class="empty"><p>This part of your account does not exist.</p><a class="button" id="app-to-start" href="/demo/app/" data-view>To the overview</a></div>`;

export const views = {
  '': { title: 'Your Fernweh', draw: (profile) => overview(profile.name) },
  orders: { title: 'Orders', draw: orderList },
  profile: { title: 'Profile', draw: (profile) => profileForm(profile.name, profile.station) },
};

export const missing = { title: 'Not found', draw: notThere };
