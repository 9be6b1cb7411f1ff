// The map of countries: it shows what the table beside it shows, and a press on a country filters everything by it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Query } from '../../edge-collector/api.d.ts';
import { Dashboard, accessibilityProblems, overflow, settled, tableOf } from '../support/dashboard.ts';

const site = 'shop.example';
/** Visitors by country; Singapore is too small for an outline, and Tor has none. */
const homes = { KR: 7, DE: 4, SG: 2, T1: 1 };
let dashboard: Dashboard;

before(async () => {
  dashboard = await Dashboard.start({ [site]: { count_bots: true, hosts: ['*'] } });
  let visitor = 0;
  for (const [country, count] of Object.entries(homes)) {
    for (let time = 0; time < count; time++) {
      const batch = { site, tab: `${++visitor}`.padStart(16, '0'), events: [{ pageview: { path: '/' } }] };
      const headers = { 'content-type': 'text/plain', 'cf-connecting-ip': `192.0.2.${visitor}` };
      const answer = await dashboard.collector.request('/e', { method: 'POST', body: JSON.stringify(batch), headers, cf: { country } });
      assert.equal(answer.json.accepted, 1, answer.text);
    }
  }
});
after(() => dashboard?.stop());

const map = (page: Page) => page.locator('.world');
/** What the map says of the countries that had visitors. */
const told = (page: Page): Promise<string[]> => map(page).locator('.land-visited title').allTextContents();

test('the countries of the map are those of the API, small ones too', async () => {
  const visitor = await dashboard.visitor();
  const page = await visitor.open(`?site=${site}&range=7d`);
  const question: Query = { site_id: site, date_range: '7d', metrics: ['visitors'], dimensions: ['visit:country'] };
  const names = new Intl.DisplayNames('en-GB', { type: 'region' });
  const { results } = await dashboard.ask(question);
  const known = results.filter(({ dimensions }) => /^[A-Z]{2}$/.test(dimensions[0]!));
  assert.equal(known.length, 3);
  assert.deepEqual((await told(page)).sort(), known.map(({ dimensions, metrics }) => `${names.of(dimensions[0]!)}: ${metrics[0]}`).sort());
  const shades = await map(page).evaluate((svg) => ['KR', 'DE'].map((code) => Number(svg.querySelector(`[data-code=${code}]`)!.getAttribute('fill-opacity'))));
  assert.ok(shades[0] === 1 && shades[1]! < 1, 'the most visited is the darkest');
  assert.deepEqual(visitor.offences, []);
});

test('a press on a country filters by it, as the table does by keyboard', async () => {
  const visitor = await dashboard.visitor();
  const page = await visitor.open(`?site=${site}&range=7d`);
  await map(page).locator('[data-code=DE]').click();
  await page.getByText('Country is Germany').waitFor();
  await settled(page);
  assert.deepEqual(await told(page), ['Germany: 4']);
  assert.deepEqual(await tableOf(page, 'Places'), [['Germany', '4']]);
  const other = await visitor.open(`?site=${site}&range=7d`);
  await other.locator('section[aria-label=Places]').getByRole('button', { name: 'Germany' }).press('Enter');
  await settled(other);
  assert.equal(new URL(other.url()).search, new URL(page.url()).search);
});

test('it is saved as a picture, and comes after the first view', async () => {
  const visitor = await dashboard.visitor();
  const scripts: string[] = [];
  visitor.context.on('request', (request) => request.resourceType() === 'script' && scripts.push(request.url()));
  const page = await visitor.open(`?site=${site}&range=7d`);
  const html = await (await fetch(`${dashboard.url}/`)).text();
  assert.ok(scripts.some((url) => url.includes('world-map')), scripts.join());
  assert.ok(!html.includes('world-map'));
  await page.getByRole('button', { name: 'Export: Places' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download PNG' }).click()]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  assert.equal(Buffer.concat(chunks).subarray(1, 4).toString(), 'PNG');
  assert.deepEqual(visitor.offences, []);
});

for (const [name, options] of [['a desktop, dark', { colorScheme: 'dark' }], ['a phone, in Korean', { viewport: { width: 360, height: 740 }, locale: 'ko-KR' }]] as const) {
  test(`${name}: accessible, and no wider than its window`, async () => {
    const page = await (await dashboard.visitor(options)).open(`?site=${site}&range=7d`);
    assert.equal(await map(page).isVisible(), true);
    assert.deepEqual(await accessibilityProblems(page), []);
    assert.equal(await overflow(page), 0);
  });
}
