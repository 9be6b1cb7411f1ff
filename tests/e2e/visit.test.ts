// The whole way of the data: a visitor of the demo shop in real Chromium, and the numbers that come of it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { Batches, launch } from '../support/chromium.ts';
import { Demo } from '../support/demo.ts';

let demo: Demo;
let browser: Browser;
before(async () => {
  [demo, browser] = await Promise.all([Demo.start(), launch()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Until at least so many events are counted. What is too many is seen by the assertions that follow. */
async function untilCounted(events: number): Promise<void> {
  while (((await demo.aggregate('events', said)).events ?? 0) < events) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** How many web vitals there are is the browser's to say. */
const said = 'event:name!=vital';

const all = 'visitors,visits,pageviews,views_per_visit,bounce_rate,events';
// What the visit below must give, by kind.
const expected: Record<string, number> = {
  pageview: 7, // six pages loaded or pushed, and one that the visitor went back to
  click: 6,
  engagement: 7, // one for each page view
  form_submit: 1, // what is put into the cart
  product_view: 1, // what the shop says itself
  cart_add: 1,
};
const total = Object.values(expected).reduce((sum, count) => sum + count);

test('a visit of five pages gives exactly its numbers, and no batch that is sent again moves one', { timeout: 120_000 }, async () => {
  const context = await browser.newContext();
  const batches = new Batches(context);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));

  // Each page is left after its first batch, which goes out when it is idle: only then does the tracker's core watch it.
  await page.goto(`${demo.url}/demo/`);
  await batches.untilAnswered(1);
  assert.equal(await page.context().cookies().then((cookies) => cookies.length), 0);
  await page.click('#nav-list');
  await page.waitForURL('**/demo/list');
  await batches.untilAnswered(2);
  await page.mouse.wheel(0, 600);
  await page.click('#product-gluehwurm');
  await page.waitForURL('**/demo/product?id=gluehwurm');
  await batches.untilAnswered(3);
  await page.click('#add-to-cart');
  await page.click('#nav-app');
  await page.waitForURL('**/demo/app/');
  await batches.untilAnswered(4);
  await page.click('#app-nav-orders');
  await page.waitForURL('**/demo/app/orders');
  await page.goBack();
  await page.waitForURL('**/demo/app/');
  await page.click('#nav-story');
  await page.waitForURL('**/demo/story');
  await batches.untilAnswered(5);
  await page.mouse.wheel(0, 20_000);
  await page.close();
  assert.deepEqual(errors, []);

  await untilCounted(total);
  const numbers = { visitors: 1, visits: 1, pageviews: 7, views_per_visit: 7, bounce_rate: 0, events: total };
  assert.deepEqual(await demo.aggregate(all, said), numbers);
  const names = await demo.breakdown('event:name', 'events');
  assert.ok(names.some(({ name }) => `${name}` === 'vital'));
  const counted = names.filter(({ name }) => `${name}` !== 'vital');
  assert.deepEqual(Object.fromEntries(counted.map(({ name, events }) => [name, events])), expected);
  const pages = await demo.breakdown('event:page', 'pageviews');
  assert.deepEqual(Object.fromEntries(pages.map(({ page, pageviews }) => [page, pageviews])), {
    '/demo/': 1, '/demo/list': 1, '/demo/product': 1, '/demo/app/': 2, '/demo/app/orders': 1, '/demo/story': 1,
  });
  assert.deepEqual(await demo.breakdown('visit:entry_page', 'visits'), [{ entry_page: '/demo/', visits: 1 }]);
  assert.deepEqual(await demo.breakdown('visit:exit_page', 'visits'), [{ exit_page: '/demo/story', visits: 1 }]);

  assert.ok(batches.bodies.length >= 2);
  for (const body of batches.bodies) {
    const again = await fetch(`${demo.url}/e`, { method: 'POST', body: new Uint8Array(body), headers: { 'content-type': 'text/plain' } });
    assert.equal(again.status, 200);
  }
  assert.deepEqual(await demo.aggregate(all, said), numbers, 'captured batches, sent again byte for byte');
  await context.close();
});

test('a collector that is killed after its reply has lost nothing', { timeout: 120_000 }, async () => {
  const { events } = await demo.aggregate('events');
  const batch = { site: 'demo', tab: '00000000000000e1', events: [{ pageview: { path: '/killed' } }] };
  const answer = await fetch(`${demo.url}/e`, { method: 'POST', body: JSON.stringify(batch) });
  assert.equal(((await answer.json()) as { accepted: number }).accepted, 1);
  await demo.kill();
  await demo.resume();
  assert.equal((await demo.aggregate('events')).events, (events ?? 0) + 1);
  const again = await fetch(`${demo.url}/e`, { method: 'POST', body: JSON.stringify(batch) });
  assert.equal(((await again.json()) as { duplicate: number }).duplicate, 1);
});
