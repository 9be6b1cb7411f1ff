// Share links and public sites: who opens one looks at the reports without signing in, and at nothing else.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { adminKey, pageview } from '../support/collector.ts';
import { Dashboard, settled, tableOf } from '../support/dashboard.ts';

let dashboard: Dashboard;
before(async () => {
  dashboard = await Dashboard.start({ 'shop.example': {}, 'open.example': { public: true } });
  for (const site of ['shop.example', 'open.example']) await dashboard.collector.send({ site, events: [pageview('/shared')] });
});
after(() => dashboard.stop());

async function shareKey(): Promise<{ key: string; id: string; link: string }> {
  const init = { method: 'POST', headers: { authorization: `Bearer ${adminKey}` }, body: JSON.stringify({ kind: 'share', name: 'a test' }) };
  return (await dashboard.collector.request('/api/v1/sites/shop.example/keys', init)).json;
}

test('a share link shows the site, also when it is loaded anew, and its key does not stay in the address', { timeout: 60_000 }, async () => {
  const { key, link } = await shareKey();
  const visitor = await dashboard.visitor({ key: undefined });
  const { search, hash } = new URL(link);
  const page = await visitor.open(`${search}${hash}`);
  assert.deepEqual((await tableOf(page, 'Pages'))[0]?.[0], '/shared');
  assert.ok(!page.url().includes(key));
  await page.reload();
  await settled(page);
  assert.deepEqual((await tableOf(page, 'Pages'))[0]?.[0], '/shared');
  assert.deepEqual(visitor.offences, []);
});

test('a link that was revoked shows nothing, and asks for a key', { timeout: 60_000 }, async () => {
  const { id, link } = await shareKey();
  await dashboard.collector.request(`/api/v1/sites/shop.example/keys/${id}`, { method: 'DELETE', headers: { authorization: `Bearer ${adminKey}` } });
  const visitor = await dashboard.visitor({ key: undefined });
  const { search, hash } = new URL(link);
  const page = await visitor.context.newPage();
  await page.goto(`${dashboard.url}/${search}${hash}`);
  await page.locator('.sign-in').waitFor();
  assert.equal(await page.locator('.panel table').count(), 0);
});

test('a public site is shown to whoever opens it, another is not', { timeout: 60_000 }, async () => {
  const visitor = await dashboard.visitor({ key: undefined });
  const page = await visitor.context.newPage();
  await page.goto(`${dashboard.url}/?site=open.example`);
  await page.locator('section[aria-label="Pages"]').waitFor();
  await settled(page);
  assert.deepEqual((await tableOf(page, 'Pages'))[0]?.[0], '/shared');
  await page.goto(`${dashboard.url}/?site=shop.example`);
  await page.locator('.sign-in').waitFor();
});
