// The loss table: ten events in real Chromium, behind a proxy that fails. The collector's own totals must say ten, and
// go on saying ten when all that was sent comes once more.

import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch } from '../support/chromium.ts';
import { browser as userAgent, Collector } from '../support/collector.ts';
import { answer, FaultyProxy, first } from '../support/faulty-proxy.ts';
import { type Column, columns, EVENTS, eventName, openAsPopup } from '../support/loss.ts';
import { Pages } from '../support/pages.ts';

/** Shorter than the usual minute, so that the events meet the fault; a page that is left does not wait for it. */
const INTERVAL_MS = 500;

/** When the ten happen, and who sends them. */
const circumstances = {
  'once the tracker was answered': {},
  'before the core is there': { early: true },
  'where the policy forbids WebAssembly': { policy: "script-src 'self' 'unsafe-inline'" },
} satisfies Record<string, { early?: boolean; policy?: string }>;
type Circumstance = { early?: boolean; policy?: string };

let collector: Collector;
let browser: Browser;
let pages: Pages;

before(async () => {
  const names = Object.keys(circumstances).flatMap((when) => columns.map(({ name }) => `${name}, ${when}`));
  const sites = Object.fromEntries([...names, 'Retry-After'].map((site) => [site, { count_bots: true, hosts: ['*'] }]));
  const page = ({ pathname, searchParams }: URL) => {
    if (pathname === '/away') return '<!doctype html><title>Away</title>';
    if (pathname !== '/') return undefined;
    return `<!doctype html><title>Loss</title>
      <meta http-equiv="content-security-policy" content="${searchParams.get('policy') ?? ''}">
      <script>const track = (name) => passerby.track(name)</script>
      <script defer src="/p.js" data-interval="${INTERVAL_MS}" data-site="${searchParams.get('site')}" data-persist="${searchParams.get('persist')}"
        data-endpoint="${searchParams.get('collector')}/e"></script>`;
  };
  [collector, browser, pages] = await Promise.all([Collector.start({ sites }), launch(), Pages.start(page)]);
});
after(() => Promise.all([browser?.close(), collector?.stop(), pages?.stop()]));

/** How often each of the ten was counted. */
async function counted(site: string): Promise<Record<string, number>> {
  const query = `site_id=${encodeURIComponent(site)}&period=7d&property=event:name&metrics=events&limit=100`;
  const { status, text, json } = await collector.read(`/api/v1/stats/breakdown?${query}`);
  assert.equal(status, 200, text);
  const rows = json.results as { name: string; events: number }[];
  return Object.fromEntries(rows.filter(({ name }) => name.startsWith('Loss ')).map(({ name, events }) => [name, events]));
}

const eachOnce = Object.fromEntries(Array.from({ length: EVENTS }, (_, place) => [eventName(place), 1]));

/** A page with the tracker. */
async function visit(proxy: FaultyProxy, site: string, { early = false, policy = '' }: Circumstance, persist = false): Promise<Page> {
  const query = new URLSearchParams({ site, policy, collector: proxy.url, persist: `${persist}` });
  const page = await openAsPopup(browser, pages.url, `/?${query}`, userAgent);
  if (early) await page.waitForLoadState('domcontentloaded');
  else await proxy.until(() => proxy.requests.some(({ status }) => status === 200));
  return page;
}

async function countsAllOnce(t: TestContext, site: string, column: Column, circumstance: Circumstance): Promise<void> {
  const proxy = await FaultyProxy.start(collector.url);
  t.after(() => proxy.stop());
  const page = await visit(proxy, site, circumstance, column.persist);
  await column.run(page, proxy);
  // The tracker was told that all has arrived, and nothing is under way.
  await proxy.until(async () => {
    const settled = proxy.requests.every(({ over }) => over) && proxy.requests.at(-1)?.status === 200;
    return settled && Object.keys(await counted(site)).length === EVENTS;
  });
  assert.deepEqual(await counted(site), eachOnce);

  await page.context().close();
  for (const { body } of proxy.requests) assert.equal((await collector.post(body)).status, 200);
  assert.deepEqual(await counted(site), eachOnce, 'once more, byte for byte');
}

// Eight pages at once: with all of them side by side some pages are kept waiting by the browser for a minute.
for (const [when, circumstance] of Object.entries(circumstances)) {
  describe(`ten of ten events are counted, and no more, ${when}`, { concurrency: true }, () => {
    for (const column of columns) {
      // It is the core that keeps what is unsent.
      if (column.persist && when !== 'once the tracker was answered') continue;
      const site = `${column.name}, ${when}`;
      test(site, { timeout: 120_000 }, (t) => countsAllOnce(t, site, column, circumstance));
    }
  });
}

test('a collector of another origin is left alone for as long as it asks for', { timeout: 60_000 }, async (t) => {
  const site = 'Retry-After';
  const proxy = await FaultyProxy.start(collector.url);
  t.after(() => proxy.stop());
  proxy.fault = first(1, answer(429, { 'retry-after': '3' }));
  const page = await visit(proxy, site, { early: true });
  await proxy.until(() => proxy.requests.at(-1)?.status === 200);
  const [refused, taken, ...more] = proxy.requests;
  assert.equal(more.length, 0);
  assert.ok(taken!.atMs - refused!.atMs >= 3_000, `${taken!.atMs - refused!.atMs} ms`);
  await page.context().close();
});
