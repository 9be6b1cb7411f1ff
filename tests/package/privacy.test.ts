// What the visitor wants, in Chromium: nothing stored, nothing sent, an id of their own, or none any more.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launch } from '../support/chromium.ts';
import { Sink } from '../support/sink.ts';

let browser: Browser;
let sink: Sink;
before(async () => {
  [browser, sink] = await Promise.all([launch(), Sink.start()]);
});
after(async () => {
  await browser?.close();
  sink?.stop();
});

const tag = (site: string, attributes = '') => `<!doctype html><title>A</title><script defer src="/p.js" data-site="${site}" ${attributes}></script>`;

async function open(context: BrowserContext, site: string, query = '', attributes = ''): Promise<Page> {
  sink.html.set(`/${site}`, { html: tag(site, attributes) });
  const page = await context.newPage();
  await page.goto(`${sink.url}/${site}${query}`);
  return page;
}

const storage = (page: Page): Promise<Record<string, string>> => page.evaluate('({ ...localStorage, ...sessionStorage })');
const visitors = (site: string) => sink.batches.filter((batch) => batch.site === site).map(({ visitor }) => visitor ?? null);
const call = (page: Page, script: string) => page.evaluate(`{ ${script}; passerby.flush() }`);

/**
 * A page of another tracker that is heard of says that this one, which was opened before and is alike, has had its time:
 * its core would have been asked for, and its first batch sent.
 */
async function expectSilence(context: BrowserContext, site: string, act: (page: Page) => Promise<unknown>, attributes = ''): Promise<void> {
  const page = await open(context, site, '', attributes);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.waitForLoadState('load');
  await act(page);
  await page.evaluate('new Promise((done) => requestIdleCallback(() => requestIdleCallback(done)))');
  await page.goto('about:blank');
  const witness = await (await browser.newContext()).newPage();
  sink.html.set(`/${site}-witness`, { html: tag(`${site}-witness`) });
  await witness.goto(`${sink.url}/${site}-witness`);
  await sink.count(`${site}-witness`, 1);
  await witness.context().close();
  assert.deepEqual(asked, []);
  assert.deepEqual(sink.arrived(site), []);
}

test('without consent nothing is stored, and no visitor is named', { timeout: 60_000 }, async () => {
  const context = await browser.newContext();
  const page = await open(context, 'plain');
  await sink.count('plain', 1);
  await call(page, "passerby.track('a', { b: 1 }); passerby.identify('u1'); passerby.consent('denied')");
  await sink.count('plain', 3);
  assert.deepEqual(await storage(page), {});
  assert.deepEqual(await context.cookies(), []);
  assert.deepEqual(await page.evaluate('indexedDB.databases()'), []);
  assert.deepEqual(new Set(visitors('plain')), new Set([null]));
  await context.close();
});

test('with consent a random id is kept and sent, until it is erased; what comes then is of another tab', { timeout: 60_000 }, async () => {
  const context = await browser.newContext();
  const page = await open(context, 'consent');
  await sink.count('consent', 1);
  await call(page, "passerby.consent('granted'); passerby.track('with')");
  await sink.count('consent', 2);
  const [, id] = visitors('consent');
  assert.match(id!, /^[0-9a-f]{32}$/);
  assert.deepEqual(await storage(page), { 'passerby.id': id });

  const next = await open(context, 'consent');
  await sink.until(() => visitors('consent').length === 3);
  assert.equal(visitors('consent')[2], id, 'from the first batch of the next page on');

  await call(next, "passerby.consent('denied'); passerby.track('without')");
  await sink.until(() => sink.arrived('consent').some(([, { name }]) => name === 'without'));
  const without = sink.batches.at(-1)!;
  assert.equal(without.visitor ?? null, null);
  assert.equal(without.page, '/consent', 'the new tab knows where it is');
  assert.ok(sink.batches.every((batch) => batch === without || batch.tab !== without.tab));
  assert.deepEqual(await storage(next), {});
  await context.close();
});

test('consent that is denied before the core is there is none, whatever the tag says; nor is another word than "granted"', { timeout: 60_000 }, async () => {
  for (const [site, given] of [['early-no', 'granted'], ['other-word', 'denied'], ['no-word', '']]) {
    const context = await browser.newContext();
    sink.html.set(`/${site}`, { html: tag(site!, `data-consent="${given}"`) + `<script defer src="data:text/javascript,${given === 'granted' ? "passerby.consent('denied')" : ''}"></script>` });
    const page = await context.newPage();
    await page.goto(`${sink.url}/${site}`);
    await sink.count(site!, 1);
    assert.deepEqual([visitors(site!), await storage(page)], [[null], {}], site);
    await context.close();
  }
});

test('without WebAssembly consent is the same', { timeout: 60_000 }, async () => {
  const context = await browser.newContext();
  sink.missing.add('/no-wasm/core.wasm');
  sink.html.set('/no-wasm', { html: '<!doctype html><script defer src="/no-wasm/p.js" data-site="no-wasm" data-consent="granted"></script>' });
  const page = await context.newPage();
  await page.goto(`${sink.url}/no-wasm`);
  await sink.count('no-wasm', 1);
  const [id] = visitors('no-wasm');
  assert.match(id!, /^[0-9a-f]{32}$/);
  assert.deepEqual(await storage(page), { 'passerby.id': id });
  await call(page, "passerby.consent('denied'); passerby.track('without')");
  await sink.count('no-wasm', 2);
  assert.deepEqual(visitors('no-wasm'), [id, null]);
  await context.close();
});

test('who opted out is not counted, on this page and the next, until they opt in', { timeout: 60_000 }, async () => {
  const context = await browser.newContext();
  const page = await open(context, 'out');
  await sink.count('out', 1);
  await call(page, "passerby.consent('granted'); passerby.track('unsent'); passerby.optOut(); passerby.track('after')");
  assert.deepEqual(await storage(page), { 'passerby.out': '1' });
  await page.close();
  await expectSilence(context, 'out-next', (next) => next.evaluate("passerby.track('no'), passerby.page(), passerby.consent('granted')"));
  assert.deepEqual(sink.arrived('out').map(([kind]) => kind), ['pageview']);

  const back = await open(context, 'out-back');
  await back.evaluate(`document.body.click(); passerby.track('unseen'); passerby.optIn(); passerby.track('seen'); passerby.flush()`);
  const [[kind, view], ...more] = (await sink.count('out-back', 2)) as [[string, any], ...[string, any][]];
  assert.deepEqual([kind, view.path, view.trigger], ['pageview', '/out-back', 'manual']);
  assert.deepEqual(more.map(([kind, { name }]) => [kind, name]), [['custom', 'seen']], 'nothing of before');
  assert.deepEqual(await storage(back), {});
  await context.close();
});

test('a form that was filled in while opted out was not abandoned', { timeout: 60_000 }, async () => {
  const context = await browser.newContext();
  sink.html.set('/out-form', { html: `${tag('out-form')}<form id="address"><input id="town"></form>` });
  const page = await context.newPage();
  await page.goto(`${sink.url}/out-form`);
  await sink.count('out-form', 1);
  await page.evaluate('passerby.optOut()');
  await page.fill('#town', 'Wien');
  await page.evaluate('passerby.optIn()');
  await sink.count('out-form', 2);
  await page.goto('about:blank');
  await sink.until(() => sink.arrived('out-form', ['engagement']).at(-1)![0] === 'engagement');
  assert.deepEqual(sink.arrived('out-form').map(([kind]) => kind), ['pageview', 'pageview']);
  await context.close();
});

test('what was unsent when consent was denied goes out when the page is left', { timeout: 60_000 }, async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  // Nothing is tried again by time.
  await page.clock.install();
  sink.html.set('/denied-unsent', { html: tag('denied-unsent', 'data-consent="granted"') });
  await page.goto(`${sink.url}/denied-unsent`);
  await page.clock.runFor(10_000);
  await sink.count('denied-unsent', 1);
  const [id] = visitors('denied-unsent');
  await page.route('**/e', (route) => route.fulfill({ status: 503 }));
  const refused = page.waitForResponse((answer) => answer.status() === 503);
  await call(page, "passerby.track('unsent')");
  await refused;
  await page.evaluate("passerby.consent('denied')");
  await page.unroute('**/e');
  await page.goto('about:blank');
  await sink.until(() => sink.arrived('denied-unsent').some(([, { name }]) => name === 'unsent'));
  const batch = sink.batches.find(({ site, events }) => site === 'denied-unsent' && events.some(({ custom }) => custom?.name === 'unsent'));
  assert.equal(batch?.visitor, id, 'as whose it happened');
  await context.close();
});

for (const [signal, script] of [
  ['Global Privacy Control', "Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })"],
  ['Do Not Track', "Object.defineProperty(navigator, 'doNotTrack', { value: '1' })"],
] as const) {
  test(`who sends ${signal} is not counted, unless the site ignores it`, { timeout: 60_000 }, async () => {
    const context = await browser.newContext();
    await context.addInitScript(script);
    const site = signal.replaceAll(' ', '-');
    await expectSilence(context, site, (page) => page.evaluate("passerby.track('no'), passerby.consent('granted'), passerby.optIn(), passerby.flush()"), 'data-consent="granted"');
    const page = await open(context, `${site}-ignored`, '', 'data-dnt="ignore"');
    await sink.count(`${site}-ignored`, 1);
    assert.deepEqual(await storage(page), {});
    await context.close();
  });
}

test('of addresses only campaigns, click ids and what the site allows leaves the page', { timeout: 60_000 }, async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  sink.html.set('/masks', { html: tag('masks', 'data-params="tab,lang"') });
  sink.html.set('/from', { html: '<!doctype html>' });
  const other = sink.url.replace('localhost', '127.0.0.1');
  const kept = 'utm_source=x&utm_campaign=y&gclid=1&gbraid=2&wbraid=3&fbclid=4&msclkid=5&ttclid=6&twclid=7&li_fat_id=8&tab=9&lang=10';
  await page.goto(`${other}/from?password=secret`);
  await page.evaluate(
    (url) => {
      document.head.innerHTML = '<meta name="referrer" content="unsafe-url">';
      location.href = url;
    },
    `${sink.url}/masks?email=secret&${kept}&token=secret&tabs=secret#secret`,
  );
  await page.waitForURL('**/masks*');
  await sink.count('masks', 1);
  await call(page, "history.pushState(null, '', '/b?email=secret&tab=11#secret')");
  const arrived = await sink.count('masks', 2);
  assert.deepEqual(arrived.map(([, { path, query }]) => [path, query]), [['/masks', kept], ['/b', 'tab=11']]);
  assert.equal(arrived[0]![1].referrer, `${other}/from`);
  const all = JSON.stringify(sink.batches.filter(({ site }) => site === 'masks'));
  assert.ok(!all.includes('secret'), all);
  await context.close();
});
