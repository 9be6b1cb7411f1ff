// The trackers that other analytics have for pages, in Chromium, pointed at the collector by nothing but its address.

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { buildSync } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { launch } from '../support/chromium.ts';
import { folder } from '../support/clients.ts';
import { browser as userAgent, Collector } from '../support/collector.ts';
import { FaultyProxy, first, loseReply, pass } from '../support/faulty-proxy.ts';
import { Pages } from '../support/pages.ts';

const HTML = '<!doctype html><title>Shop</title><button id=buy>Buy it</button><script src=/trackers.js></script>';
const hosts = ['*'];
const sites = { plausible: { hosts }, 'plausible-tracker': { hosts }, 'posthog-js': { hosts, aliases: ['phc_test'] } };
let collector: Collector;
let proxy: FaultyProxy;
let pages: Pages;
before(async () => {
  const { outputFiles } = buildSync({ entryPoints: [path.join(folder, 'page.js')], bundle: true, write: false, format: 'iife' });
  pages = await Pages.start(({ pathname }) => (pathname === '/trackers.js' ? outputFiles[0]!.text : HTML));
  collector = await Collector.start({ sites });
});
after(() => Promise.all([collector.stop(), pages.stop()]));
beforeEach(async () => {
  proxy = await FaultyProxy.start(collector.url);
});
afterEach(() => proxy.stop());

const totals = (site: string) => collector.aggregate('visitors,events', '', site);

let chromium: Browser | undefined;
after(() => chromium?.close());

/** A page of the site's that has the trackers on it. */
async function open(): Promise<Page> {
  chromium ??= await launch();
  const page = await (await chromium.newContext({ userAgent })).newPage();
  // What drives the browser is not what is tested here.
  await page.addInitScript(() => Object.defineProperty(navigator, 'webdriver', { get: () => false }));
  await page.goto(`${pages.url}/shoes?utm_source=news&secret=1`);
  return page;
}

const begin = (page: Page, tracker: string, ...args: string[]) => page.evaluate(([tracker, args]) => (window as any).begin[tracker as string](...(args as string[])), [tracker, args] as const);
const shown = async (site: string) => (await collector.read(`/api/v1/stats/breakdown?site_id=${site}&period=7d&property=event:page`)).json.results;
const until = (site: string, events: number) => proxy.until(async () => proxy.requests.every(({ over }) => over) && (await totals(site)).events === events);

for (const [site, tracker] of [['plausible', 'plausible'], ['plausible-tracker', 'plausibleTracker']] as const) {
  test(`${site}: a page with Plausible's tracker is counted as it would be there`, { timeout: 60_000 }, async () => {
    const page = await open();
    await begin(page, tracker, proxy.url, site);
    await until(site, 2);
    assert.deepEqual(await shown(site), [{ page: '/shoes', visitors: 1 }]);
    assert.deepEqual(proxy.requests.map(({ status }) => status), [202, 202]);
  });
}

test('posthog-js: a page with it is one visitor, counted once though a reply was lost', { timeout: 90_000 }, async () => {
  const page = await open();
  const lost = first(1, loseReply);
  proxy.fault = (exchange) => (exchange.url.includes('/e/') && exchange.method === 'POST' ? lost : pass)(exchange);
  await begin(page, 'posthog', proxy.url, 'phc_test');
  await until('posthog-js', 3);
  await page.click('#buy');
  await until('posthog-js', 4);
  assert.deepEqual(await totals('posthog-js'), { visitors: 1, events: 4 });
  assert.deepEqual(await shown('posthog-js'), [{ page: '/shoes', visitors: 1 }]);
  const clicks = await collector.aggregate('events', `&filters=${encodeURIComponent('event:name==bought')}`, 'posthog-js');
  assert.equal(clicks.events, 1);
  // The lost one comes again.
  await proxy.until(async () => ((await collector.outcomes('posthog-js'))['duplicate'] ?? 0) > 0);
  assert.equal((await totals('posthog-js')).events, 4);
});
