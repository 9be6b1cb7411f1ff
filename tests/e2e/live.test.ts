// From a click in a page to whoever watches the site: a real browser's tracker, the built collector, and a watcher.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { Batches, launch } from '../support/chromium.ts';
import { Collector } from '../support/collector.ts';
import { Pages } from '../support/pages.ts';
import { Watcher } from '../support/watcher.ts';

const site = 'live';
let collector: Collector;
let browser: Browser;
let pages: Pages;

before(async () => {
  [collector, browser] = await Promise.all([Collector.start({ sites: { [site]: { count_bots: true, hosts: ['*'] } } }), launch()]);
  pages = await Pages.start(({ pathname }) =>
    pathname === '/' ? `<!doctype html><title>Live</title><button onclick="this.nextSibling.append('.')">Press</button><p></p><script defer src="/p.js" data-site="${site}" data-endpoint="${collector.url}/e"></script>` : undefined,
  );
});
after(async () => {
  await browser?.close();
  await Promise.all([collector?.stop(), pages?.stop()]);
});

/** A tracker that nobody hurries sends after a minute: this file's tests would be over. */
test('a click is seen while somebody watches, though the page was there before, from its next batch on', { timeout: 40_000 }, async () => {
  const context = await browser.newContext();
  const batches = new Batches(context);
  const page = await context.newPage();
  await page.goto(pages.url);
  await batches.untilAnswered(1);
  const watcher = await Watcher.open(collector.url, site);
  assert.deepEqual(watcher.scene!.events.map(({ kind, page }) => [kind, page]), [['pageview', '/']]);
  // Its reply was before somebody watched. The next page's first batch brings the word.
  await page.reload();
  await batches.untilAnswered(2);
  for (const text of ['once', 'twice', 'thrice']) {
    await page.evaluate((text) => (document.querySelector('button')!.textContent = text), text);
    await page.click('button');
    await watcher.until(() => watcher.scene!.events.some(({ kind, details }) => kind === 'click' && details['text'] === text));
  }
  assert.equal(watcher.scene!.visitors, 1);
  await Promise.all([watcher.close(), context.close()]);
});
