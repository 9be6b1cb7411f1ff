// What a click costs the page's thread, on a page of 5,000 elements, with each tracker and with none: what the listeners take
// of a script's click once their code is warm, and all that scripts do from one real click to the next, code cold as it is.

import type { Browser, Page } from 'playwright-core';
import { browser as userAgent } from '../../support/collector.ts';
import { isLayout, outermost, scripting, type Slice, traced, within } from '../../support/trace.ts';
import { FaultyProxy } from '../../support/faulty-proxy.ts';
import type { Site } from './site.ts';
import { inTime } from './deadline.ts';
import { median, quantile, sum } from './statistics.ts';
import type { Tracker } from './trackers.ts';

const ROUNDS = 10;
const CLICKS_A_ROUND = 40;

/** Of a script's clicks, in each of which the page's clock is read; it ticks every 5 µs. */
const SCRIPTED_A_ROUND = 200;

/** Microseconds, less the median without tracker. */
export type Clicks = { click_us_median: number; click_us_p99: number; real_click_us_median: number; real_click_us_p99: number };

type Visit = { page: Page; proxy: FaultyProxy | undefined; scripted: number[]; real: number[] };

async function open(browser: Browser, site: Site, tracker: Tracker | undefined): Promise<Visit> {
  const proxy = tracker && (await site.proxyFor(tracker));
  const page = await (await browser.newContext({ userAgent, viewport: { width: 1280, height: 720 } })).newPage();
  await page.goto(site.pages.url + site.path(tracker, proxy), { waitUntil: 'load' });
  await proxy?.until(() => proxy.requests.some(({ method, status }) => method === 'POST' && status === 200));
  return { page, proxy, scripted: [], real: [] };
}

/** The thread's own time, so that other programs do not count. */
function costs(slices: Slice[]): number[] {
  const cost = (slice: Slice) => slice.cpuUs - sum(outermost(within(slices, slice).filter(isLayout)).map(({ cpuUs }) => cpuUs));
  const parts = scripting(slices).filter(({ name, args }) => name !== 'EvaluateScript' || args.data?.url);
  const presses = slices.filter(({ name, args }) => name === 'EventDispatch' && args.data?.type === 'mousedown').map(({ startUs }) => startUs);
  return presses.map((press, place) => {
    const next = presses[place + 1] ?? Infinity;
    return sum(parts.filter(({ startUs }) => startUs >= press && startUs < next).map(cost));
  });
}

/** Runs in the page. */
function clickByScript(count: number): number[] {
  const elements = document.querySelectorAll('main *');
  return Array.from({ length: count }, (_, place) => {
    const element = elements[(place * 997) % elements.length]!;
    const click = new MouseEvent('click', { bubbles: true, composed: true, cancelable: true, view: window, clientX: 9, clientY: 9 });
    const begin = performance.now();
    element.dispatchEvent(click);
    return (performance.now() - begin) * 1_000;
  });
}

async function clickAround({ page, scripted, real }: Visit, browser: Browser, round: number): Promise<void> {
  await page.bringToFront();
  const slices = await traced(browser, page, async () => {
    for (let place = 0; place < CLICKS_A_ROUND; place++) {
      // A grid over the window, another each round, so that cards, texts and buttons get their share.
      await page.mouse.click(20 + ((place * 157 + round * 31) % 1_240), 20 + ((place * 89 + round * 17) % 680));
    }
  });
  // The last one's end is that of the trace.
  real.push(...costs(slices).slice(0, -1));
  scripted.push(...(await page.evaluate(clickByScript, SCRIPTED_A_ROUND)));
}

/** In turns, so that a machine that slows down slows all of them. */
export async function measureClicks(browser: Browser, site: Site, trackers: Tracker[]): Promise<Map<Tracker, Clicks>> {
  const bare = await open(browser, site, undefined);
  const visits = new Map<Tracker, Visit>();
  for (const tracker of trackers) visits.set(tracker, await inTime(60_000, `a page with ${tracker.name}`, open(browser, site, tracker)));
  // The first round warms up: code is compiled when it first runs.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const visit of [bare, ...visits.values()]) await inTime(60_000, `round ${round} of clicks`, clickAround(visit, browser, round));
    if (round === 0) for (const { scripted, real } of [bare, ...visits.values()]) scripted.length = real.length = 0;
  }
  for (const { page, proxy } of [bare, ...visits.values()]) {
    await page.context().close();
    await proxy?.stop();
  }
  const less = (us: number[], share: number, without: number[]) => Math.max(0, quantile(us, share) - median(without));
  const figures = ({ scripted, real }: Visit): Clicks => ({
    click_us_median: less(scripted, 0.5, bare.scripted),
    click_us_p99: less(scripted, 0.99, bare.scripted),
    real_click_us_median: less(real, 0.5, bare.real),
    real_click_us_p99: less(real, 0.99, bare.real),
  });
  return new Map([...visits].map(([tracker, visit]) => [tracker, figures(visit)]));
}
