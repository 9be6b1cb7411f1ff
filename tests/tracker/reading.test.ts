// How far pages are seen and how long they are looked at, as it reaches the collector.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suite, type Told } from '../support/visited.ts';

const started = suite();
const visit = (body: string, attributes = '') => started.pages.visit(started.browser, { body, attributes });

/** For each page view in order, how far it was seen and how long in all. */
const readings = (told: Told[]) => {
  const readings: { path: string; percent: number; ms: number }[] = [];
  for (const { kind, path, scroll_percent, visible_ms } of told) {
    if (kind === 'pageview') readings.push({ path, percent: 0, ms: 0 });
    const last = readings.at(-1);
    if (kind === 'engagement' && last) {
      last.percent = Math.max(last.percent, scroll_percent);
      last.ms += visible_ms;
    }
  }
  return readings;
};
const percents = (told: Told[]) => readings(told).map(({ percent }) => percent);

/** What comes of it is laid out. */
const LAID_OUT = 'await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))';
const tall = (height: number) => `<style>body { margin: 0 }</style><div id=tall style="height:${height}px"></div>`;
const WINDOW = 720;

test('a page that fits the window is seen whole', async () => {
  const seen = await visit('<p>Short');
  assert.deepEqual(percents(await seen.end()), [100]);
});

test('a page is seen as far as the lowest edge that was in the window', async () => {
  const seen = await visit(tall(7_200));
  await seen.page.evaluate(`(async () => { scrollTo(0, 2_160); ${LAID_OUT}; scrollTo(0, 0); ${LAID_OUT} })()`);
  assert.deepEqual(percents(await seen.end()), [(100 * (2_160 + WINDOW)) / 7_200]);
});

test('what comes late makes a page longer: images and lists without end', async () => {
  const seen = await visit(tall(1_440));
  await seen.page.evaluate(`(async () => { scrollTo(0, 720); ${LAID_OUT}; tall.style.height = '14400px'; ${LAID_OUT} })()`);
  assert.deepEqual(percents(await seen.end()), [10]);
});

test('each page view is seen anew', async () => {
  const seen = await visit(tall(7_200));
  await seen.page.evaluate(`(async () => {
    scrollTo(0, 7_200); ${LAID_OUT};
    history.pushState(0, '', '/b'); scrollTo(0, 0); tall.style.height = '1440px'; ${LAID_OUT};
  })()`);
  assert.deepEqual(percents(await seen.end()), [100, 50]);
});

test('what an option names scrolls in the place of the window', async () => {
  const box = `<style>body { margin: 0 }</style><main style="height:720px;overflow:auto"><div id=tall style="height:7200px"></div></main>`;
  for (const [attributes, percent] of [['data-scroll=main', 50], ['', 100], ['data-scroll=aside', 100], ['data-scroll=:::', 100]] as const) {
    const seen = await visit(box, attributes);
    await seen.page.evaluate(`(async () => { document.querySelector('main').scrollTop = 2_880; ${LAID_OUT} })()`);
    assert.deepEqual(percents(await seen.end()), [percent], attributes);
  }
});

test('what a box holds makes it longer until the last moment', async () => {
  const seen = await visit('<main style="height:720px;overflow:auto"><div id=tall style="height:720px"></div></main>', 'data-scroll=main');
  await seen.page.evaluate(`tall.style.height = '7200px'`);
  assert.deepEqual(percents(await seen.end()), [10]);
});

test('time counts while the page is visible and focused, and belongs to the page view in which it passes', async () => {
  const seen = await visit('<p>Hello');
  // Chromium without a screen always shows and focuses its pages, so this one says otherwise by itself.
  const [hidden, shown, turned, blurred] = (await seen.page.evaluate(async () => {
    const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const look = (hidden: boolean) => {
      Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
      dispatchEvent(new Event('visibilitychange'));
      return performance.now();
    };
    await wait(300);
    const hidden = look(true);
    await wait(700);
    const shown = look(false);
    history.pushState(0, '', '/b');
    const turned = performance.now();
    await wait(200);
    document.hasFocus = () => false;
    dispatchEvent(new Event('blur'));
    const blurred = performance.now();
    await wait(700);
    return [hidden, shown, turned, blurred];
  })) as [number, number, number, number];
  const [a, b] = readings(await seen.end());
  assert.ok(a!.ms >= 300 && a!.ms <= hidden + turned - shown + 1, `${a!.ms}, hidden at ${hidden}`);
  assert.ok(Math.abs(b!.ms - (blurred - turned)) < 3, `${b!.ms} of ${blurred - turned}`);
});
