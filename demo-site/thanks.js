// The end of an order. It is reported from here and not from the checkout, so that leaving that page cannot lose it.
import './layout.js';
import { ordered } from './analytics.js';
import { fill, html } from './markup.js';
import { priceText, times } from './money.js';
import { isFirstShowing, orders } from './orders.js';

const [order] = orders();
const content = document.getElementById('order');

if (order) {
  fill(content, html`
    <p>Your order <strong id="order-id">${order.id}</strong> is on its way to the platform. A confirmation would be in your inbox now, if this were not a demo.</p>
    <ul class="summary-lines">${order.items.map((item) => html`<li><span>${item.quantity} × ${item.name}${item.size && `, ${item.size}`}</span><span>${priceText(times(item.price, item.quantity))}</span></li>`)}</ul>
    <dl class="sums"><div class="total"><dt>Paid</dt><dd id="order-total">${priceText(order.total)}</dd></div></dl>`);
  if (isFirstShowing(order)) ordered(order);
} else {
  document.getElementById('thanks-title').textContent = 'Nothing ordered yet';
  fill(content, html`<p>When you order something, this is where we thank you for it.</p>`);
}
