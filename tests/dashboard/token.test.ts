// The key is shown for a token, and the token for all else.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { adminKey, pageview } from '../support/collector.ts';
import { Dashboard, type Visitor, settled } from '../support/dashboard.ts';

const site = 'shop.example';
let dashboard: Dashboard;
before(async () => {
  dashboard = await Dashboard.start({ [site]: {} });
  await dashboard.collector.send({ site, events: [pageview('/')] });
});
after(() => dashboard?.stop());

type Shown = { path: string; key: string };

/** What a visitor's requests show, and sockets among their protocols. */
function watched(visitor: Visitor): Shown[] {
  const shown: Shown[] = [];
  visitor.context.on('request', (request) => {
    const { authorization } = request.headers();
    if (authorization !== undefined) shown.push({ path: new URL(request.url()).pathname, key: authorization.replace('Bearer ', '') });
  });
  return shown;
}

const noteSockets = () => {
  const sockets: string[] = ((window as any).sockets = []);
  window.WebSocket = new Proxy(window.WebSocket, {
    construct(target, [url, protocols]: [string, string[]]) {
      sockets.push(...protocols);
      return new target(url, protocols);
    },
  });
};
const ofHex = (hex: string) => Buffer.from(hex, 'hex').toString();

for (const kind of ['admin', 'read', 'share'] as const) {
  test(`of a key for ${kind}, one request has the key, and no socket`, { timeout: 60_000 }, async () => {
    const made = kind === 'admin' ? { key: adminKey } : await dashboard.change('POST', `/api/v1/sites/${site}/keys`, { kind, name: 'a test' });
    const visitor = await dashboard.visitor({ key: made.key });
    await visitor.context.addInitScript(noteSockets);
    const shown = watched(visitor);
    const page = await visitor.open(`?site=${site}&view=live`);
    await page.waitForFunction(() => document.querySelector('.live-count strong')?.textContent === '1');
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.locator('.tile').first().waitFor();
    await settled(page);
    assert.deepEqual(shown.filter(({ key }) => key === made.key).map(({ path }) => path), ['/api/v1/token']);
    const others = shown.filter(({ path }) => path !== '/api/v1/token');
    assert.ok(others.length > 5 && others.every(({ key }) => key.startsWith('passerby_token_')));
    const protocols: string[] = await page.evaluate(() => (window as any).sockets);
    const keys = protocols.filter((protocol) => protocol.startsWith('passerby.key.')).map((protocol) => ofHex(protocol.slice('passerby.key.'.length)));
    assert.ok(keys.length > 0 && keys.every((key) => key.startsWith('passerby_token_')));
    assert.deepEqual(visitor.offences, []);
    await visitor.context.close();
  });
}

test('a token that is about to end is asked for anew, and one that is not is kept', { timeout: 60_000 }, async () => {
  const visitor = await dashboard.visitor();
  const shown = watched(visitor);
  const asked = () => shown.filter(({ path }) => path === '/api/v1/token').length;
  await visitor.context.clock.install();
  const page = await visitor.open(`?site=${site}`);
  const again = async (minutes: string) => {
    await page.clock.fastForward(minutes);
    await page.getByRole('button', { name: 'Earlier' }).click();
    await settled(page);
  };
  assert.equal(asked(), 1);
  await again('08:00');
  assert.equal(asked(), 1);
  await again('02:00');
  assert.equal(asked(), 2);
  assert.deepEqual(visitor.offences, []);
});

test('what refused a token, or kept it from coming, is asked again by a press', { timeout: 60_000 }, async () => {
  const visitor = await dashboard.visitor();
  await visitor.context.route('**/api/v1/token', (route) => route.abort());
  const page = await visitor.context.newPage();
  await page.goto(`${dashboard.url}/?site=${site}`);
  await page.getByText('The collector cannot be reached.').first().waitFor();
  await visitor.context.unroute('**/api/v1/token');
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await page.locator('.tile').first().waitFor();
});
