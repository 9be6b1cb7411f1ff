// What loading a tracker costs the page's thread, at a quarter of the processor's speed. From the trace of each load.

import type { Browser } from 'playwright-core';
import { browser as userAgent } from '../../support/collector.ts';
import { endUs, isLayout, outermost, scripting, type Slice, traced, within } from '../../support/trace.ts';
import type { Site } from './site.ts';
import { inTime } from './deadline.ts';
import { median, sum } from './statistics.ts';
import type { Tracker } from './trackers.ts';

const LOADS = 15;
const THROTTLE = 4;

/**
 * Milliseconds, medians over the loads. Wall time: under the throttle the thread's own clock runs on while it is held up.
 * Layout that a script forces is left out, for the page needs it anyway, a moment later.
 */
export type Evaluation = {
  /** Compiling and running the tracker's file. Of ours that of the loader, and then all that the core does. */
  eval_ms_4x: number;
  /** Of ours: the loader's file alone, and what comes after it. */
  loader_ms_4x?: number;
  core_ms_4x?: number;
  /** Everything that scripts did from then on until the first request was answered. */
  script_ms_4x: number;
  /** The longest of these. Of ours, also the longest after the loader. */
  longest_script_ms_4x: number;
  core_longest_ms_4x?: number;
};

const longest = (parts: number[]): number => Math.max(0, ...parts);

async function load(browser: Browser, site: Site, tracker: Tracker): Promise<Evaluation> {
  const proxy = await site.proxyFor(tracker);
  const context = await browser.newContext({ userAgent });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });
  const slices = await traced(browser, page, async () => {
    await page.goto(site.pages.url + site.path(tracker, proxy), { waitUntil: 'load' });
    await proxy.until(() => proxy.requests.some(({ method, status }) => method === 'POST' && status === 200));
  });
  await context.close();
  await proxy.stop();

  const ms = (slice: Slice) => (slice.us - sum(outermost(within(slices, slice).filter(isLayout)).map(({ us }) => us))) / 1_000;
  const addressOf = ({ args }: Slice) => args.data?.url ?? args.fileName ?? '';
  const isFile = (slice: Slice) => Object.keys(tracker.files).some((file) => addressOf(slice).endsWith(`/${file}`));
  const file = scripting(slices).find(isFile);
  if (!file) throw new Error(`${tracker.name} was not loaded`);
  // What Playwright runs to read the page has no address.
  const isPlaywright = (slice: Slice) => slice.name === 'EvaluateScript' && !addressOf(slice);
  const later = scripting(slices).filter((slice) => slice.startUs >= endUs(file) && !isPlaywright(slice)).map(ms);
  const [first, rest] = [ms(file), sum(later)];
  const all = { script_ms_4x: first + rest, longest_script_ms_4x: longest([first, ...later]) };
  if (tracker.decode) return { eval_ms_4x: first, ...all };
  return { eval_ms_4x: first + rest, loader_ms_4x: first, core_ms_4x: rest, ...all, core_longest_ms_4x: longest(later) };
}

/** Loads in turns, so that a machine that slows down slows all of them. */
export async function measureEvaluation(browser: Browser, site: Site, trackers: Tracker[]): Promise<Map<Tracker, Evaluation>> {
  const loads = new Map<Tracker, Evaluation[]>(trackers.map((tracker) => [tracker, []]));
  for (let round = 0; round < LOADS; round++) {
    for (const [tracker, all] of loads) all.push(await inTime(60_000, `a load of ${tracker.name}`, load(browser, site, tracker)));
  }
  const medians = (all: Evaluation[]): Evaluation => {
    const keys = Object.keys(all[0] ?? {}) as (keyof Evaluation)[];
    return Object.fromEntries(keys.map((key) => [key, median(all.map((one) => one[key] ?? NaN))])) as Evaluation;
  };
  return new Map([...loads].map(([tracker, all]) => [tracker, medians(all)]));
}
