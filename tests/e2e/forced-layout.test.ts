// The tracker makes the browser work out no style and no layout while a page waits for its click or scroll to be handled:
// read off a trace of a page that gives it every occasion.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launch } from '../support/chromium.ts';
import { Collector } from '../support/collector.ts';
import { Pages } from '../support/pages.ts';
import { isLayout, type Slice, traced, within } from '../support/trace.ts';

let collector: Collector;
let browser: Browser;
let pages: Pages;

/** Each click finds styles and layout out of date, for the page changed both just before; so does each scroll. */
const page = () => `<!doctype html><title>Layout</title>
  <style>button:active { color: red } .wide { width: 200px } section { height: 5000px }</style>
  <script>
    const change = () => document.querySelector('#box').classList.toggle('wide');
    for (const type of ['mousedown', 'mouseup', 'click', 'scroll']) addEventListener(type, change, true);
  </script>
  <script defer src="/p.js" data-site="layout" data-endpoint="${collector.url}/e"></script>
  <main><div id="box">Box</div><button id="button">Button</button><section>Long</section></main>`;

before(async () => {
  collector = await Collector.start({ sites: { layout: { count_bots: true, hosts: ['*'] } } });
  [browser, pages] = await Promise.all([launch(), Pages.start(({ pathname }) => (pathname === '/' ? page() : undefined))]);
});
after(() => Promise.all([browser?.close(), collector?.stop(), pages?.stop()]));

/** How many listeners' turns of this type there were, and what was laid out within. */
function dispatches(slices: Slice[], type: string): { count: number; laidOut: string[] } {
  const turns = slices.filter(({ name, args }) => name === 'EventDispatch' && args.data?.type === type);
  return { count: turns.length, laidOut: turns.flatMap((turn) => within(slices, turn).filter(isLayout).map(({ name }) => name)) };
}

test('no click and no scroll is held up by style or layout', { timeout: 60_000 }, async () => {
  const tab = await browser.newPage();
  const answered = tab.waitForResponse((response) => response.url().endsWith('/e') && response.ok());
  await tab.goto(pages.url);
  await answered;
  const slices = await traced(browser, tab, async () => {
    for (let time = 0; time < 3; time++) await tab.click('#button');
    // Listened for before the wheel turns: the two go to Chromium by ways of their own.
    await tab.evaluate("void (scrolled = new Promise((resolve) => addEventListener('scroll', resolve, { once: true })))");
    await tab.mouse.wheel(0, 600);
    await tab.evaluate('scrolled');
  });
  const [clicks, scrolls] = [dispatches(slices, 'click'), dispatches(slices, 'scroll')];
  assert.ok(clicks.count >= 3 && scrolls.count >= 1, `${clicks.count} clicks, ${scrolls.count} scrolls`);
  assert.deepEqual({ click: clicks.laidOut, scroll: scrolls.laidOut }, { click: [], scroll: [] });
  assert.ok(slices.some(isLayout), 'the trace tells of layout');
});
