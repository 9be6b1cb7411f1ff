// What is unsent when a page is left: with consent or by option the next page of the site sends it, without any later
// event to help, and it counts once.

import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launch } from '../support/chromium.ts';
import { browser as userAgent, Collector } from '../support/collector.ts';
import { answer, type Exchange, type Fault, FaultyProxy, pass } from '../support/faulty-proxy.ts';
import { Pages } from '../support/pages.ts';

const KEY = 'passerby.unsent.';
const isJson = ({ body }: Exchange): boolean => body[0] === 0x7b;

/** Pages that sent for themselves fail; what another page left passes. */
const onlyLeft: Fault = (exchange) => (isJson(exchange) ? pass(exchange) : answer(503)(exchange));

let collector: Collector;
let browser: Browser;
let pages: Pages;
const sites = ['persist', 'consent', 'neither', 'tabs', 'bounds', 'denied'];

before(async () => {
  const page = ({ pathname, searchParams }: URL) =>
    pathname === '/blank'
      ? '<!doctype html>'
      : pathname === '/'
        ? `<!doctype html><title>Unsent</title><script defer src="/p.js" data-interval="300" data-site="${searchParams.get('site')}"
             data-endpoint="${searchParams.get('collector')}/e" ${searchParams.get('attributes') ?? ''}></script>`
        : undefined;
  const settings = Object.fromEntries(sites.map((site) => [site, { count_bots: true, hosts: ['*'] }]));
  [collector, browser, pages] = await Promise.all([Collector.start({ sites: settings }), launch(), Pages.start(page)]);
});
after(() => Promise.all([browser?.close(), collector?.stop(), pages?.stop()]));

type World = { proxy: FaultyProxy; context: BrowserContext; open(): Promise<Page>; events(): Promise<Record<string, number>> };

async function world(t: TestContext, site: string, attributes = 'data-persist'): Promise<World> {
  const proxy = await FaultyProxy.start(collector.url);
  const context = await browser.newContext({ userAgent });
  t.after(async () => {
    await context.close();
    await proxy.stop();
  });
  return {
    proxy,
    context,
    /** A page whose core has sent something, whatever became of it. */
    async open() {
      const sent = proxy.requests.filter((request) => !isJson(request)).length;
      const page = await context.newPage();
      await page.goto(`${pages.url}/?${new URLSearchParams({ site, attributes, collector: proxy.url })}`);
      await proxy.until(() => proxy.requests.filter((request) => !isJson(request)).length > sent);
      return page;
    },
    async events() {
      const { json } = await collector.read(`/api/v1/stats/breakdown?site_id=${site}&period=7d&property=event:name&metrics=events&limit=100`);
      const rows = json.results as { name: string; events: number }[];
      return Object.fromEntries(rows.filter(({ name }) => name.startsWith('Event ')).map(({ name, events }) => [name, events]));
    },
  };
}

const ten = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`Event ${i}`, 1]));
const trackTen = (page: Page) => page.evaluate("for (let i = 0; i < 10; i++) passerby.track('Event ' + i)");
const left = (page: Page) => page.evaluate((key) => Object.keys(localStorage).filter((name) => name.startsWith(key)), KEY);

/** Ten events that the collector does not take, and a page that is left. */
async function failAndLeave({ proxy }: World, page: Page): Promise<void> {
  proxy.fault = answer(503);
  const refused = proxy.requests.length;
  await trackTen(page);
  await proxy.until(() => proxy.requests.slice(refused).some(({ status }) => status === 503));
  await page.goto(`${pages.url}/blank`);
}

for (const [site, attributes] of [['persist', 'data-persist'], ['consent', 'data-consent="granted"']] as const) {
  test(`503 and then another page, by ${site}: ten of ten, each once`, { timeout: 60_000 }, async (t) => {
    const it = await world(t, site, attributes);
    const page = await it.open();
    await failAndLeave(it, page);
    assert.equal((await left(page)).length, 1);

    const next = await it.open();
    it.proxy.fault = pass;
    await it.proxy.until(async () => Object.keys(await it.events()).length === 10);
    assert.deepEqual(await it.events(), ten);
    await next.waitForFunction((key) => !Object.keys(localStorage).some((name) => name.startsWith(key)), KEY);

    for (const { body } of it.proxy.requests) assert.equal((await collector.post(body)).status, 200);
    assert.deepEqual(await it.events(), ten, 'once more, byte for byte');
  });
}

test('without consent and without the option nothing is kept', { timeout: 60_000 }, async (t) => {
  const it = await world(t, 'neither', '');
  const page = await it.open();
  await failAndLeave(it, page);
  assert.deepEqual(await page.evaluate('({ ...localStorage })'), {});
});

test('who takes consent back leaves nothing behind', { timeout: 60_000 }, async (t) => {
  const it = await world(t, 'denied', 'data-consent="granted"');
  await failAndLeave(it, await it.open());
  const next = await it.open();
  assert.equal((await left(next)).length, 1);
  await next.evaluate("passerby.consent('denied')");
  await next.waitForFunction(() => Object.keys(localStorage).length === 0);
});

test('what a living page keeps, no other takes; what a dead one left, one takes', { timeout: 60_000 }, async (t) => {
  const it = await world(t, 'tabs');
  it.proxy.fault = onlyLeft;
  const first = await it.open();
  await trackTen(first);
  // As a tab in the background, which is alive.
  await first.evaluate(() => {
    Object.defineProperty(document, 'hidden', { get: () => true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  });
  assert.equal((await left(first)).length, 1);

  const second = await it.open();
  // It has asked for what others left: its own lock is held, and no request of it is open any more.
  await second.waitForFunction(async () => {
    const { held = [], pending = [] } = await navigator.locks.query();
    return held.length === 2 && pending.length === 0;
  });
  assert.deepEqual(it.proxy.requests.filter(isJson), []);

  await first.close({ runBeforeUnload: false });
  await Promise.all([it.open(), it.open()]);
  await it.proxy.until(async () => Object.keys(await it.events()).length === 10);
  assert.deepEqual(await it.events(), ten);
  const taken = it.proxy.requests.filter(isJson).map(({ body }) => JSON.parse(`${body}`)).map(({ tab, first }) => `${tab} ${first}`);
  assert.equal(new Set(taken).size, taken.length, 'none was sent by two pages');
});

test('at most 1,000 events are kept, and the oldest page goes first', { timeout: 60_000 }, async (t) => {
  const it = await world(t, 'bounds');
  const page = await it.open();
  it.proxy.fault = answer(503);
  await page.evaluate((key) => {
    const batch = (first: number, count: number) => ({
      site: 'bounds', tab: '00000000000000aa', first, sent_at_ms: Date.now() - 60_000,
      events: Array.from({ length: count }, (_, i) => ({ after_ms: 0, custom: { name: `Old ${first + i}` } })),
    });
    localStorage[`${key}00000000000000aa`] = JSON.stringify([batch(0, 300), batch(300, 300)]);
    for (let i = 0; i < 600; i++) (window as any).passerby.track(`New ${i}`);
  }, KEY);
  await page.goto(`${pages.url}/blank`);
  const kept = (await page.evaluate((key) => Object.keys(localStorage).filter((name) => name.startsWith(key)).flatMap((name) => JSON.parse(localStorage[name])), KEY)) as {
    first: number; events: { custom?: { name: string } }[];
  }[];
  const names = kept.flatMap(({ events }) => events.map(({ custom }) => custom?.name ?? ''));
  assert.equal(names.filter((name) => name.startsWith('New ')).length, 600);
  assert.deepEqual([names.includes('Old 0'), names.includes('Old 300'), names.includes('Old 599')], [false, true, true]);
  assert.ok(names.length <= 1_000, `${names.length}`);
});
