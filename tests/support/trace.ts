// What Chromium records of a page's thread: slices of time with their names, nested. For tests and benches that look at
// the thread itself.

import type { Browser, Page } from 'playwright-core';

export type Slice = {
  name: string;
  /** Microseconds, on the trace's clock. */
  startUs: number;
  us: number;
  /** Without the time in which the thread did not run. */
  cpuUs: number;
  args: { data?: { type?: string; url?: string }; fileName?: string };
};

type Recorded = { name: string; ph: string; pid: number; tid: number; ts: number; dur?: number; tdur?: number; args: Slice['args'] };

/** What a script's work appears as, at its outermost. */
const SCRIPTING = new Set([
  'EvaluateScript', 'v8.compile', 'v8.compileModule', 'v8.evaluateModule', 'v8.run', 'FunctionCall', 'v8.callFunction',
  'RunMicrotasks', 'BlinkScheduler_PerformMicrotaskCheckpoint', 'TimerFire', 'FireIdleCallback', 'FireAnimationFrame',
  'EventDispatch', 'XHRReadyStateChange', 'XHRLoad',
]);

const CATEGORIES = ['-*', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'v8', 'toplevel', 'blink.user_timing'];

/** Style and layout worked out, whoever asked for it. */
export const isLayout = ({ name }: Slice): boolean => name === 'Layout' || name === 'UpdateLayoutTree';

/** Records all pages of the browser while `work` runs; gives the slices of `page`'s main thread, in their order. */
export async function traced(browser: Browser, page: Page, work: () => Promise<void>): Promise<Slice[]> {
  const mark = `mark ${Math.random()}`;
  await browser.startTracing(page, { categories: CATEGORIES });
  let recorded: Recorded[];
  try {
    await work();
    // Whose thread is whose: the one that made this mark is the page's.
    await page.evaluate((name) => void performance.mark(name), mark);
  } finally {
    recorded = JSON.parse((await browser.stopTracing()).toString()).traceEvents;
  }
  const own = recorded.find(({ name }) => name === mark);
  if (!own) throw new Error('the trace lost its mark');
  return recorded
    .filter(({ ph, pid, tid }) => ph === 'X' && pid === own.pid && tid === own.tid)
    .map(({ name, ts, dur = 0, tdur = dur, args }) => ({ name, startUs: ts, us: dur, cpuUs: tdur, args }))
    .sort((a, b) => a.startUs - b.startUs || b.us - a.us);
}

export const endUs = ({ startUs, us }: Slice): number => startUs + us;

/** The slices of these that lie in no other of them. */
export function outermost(slices: Slice[]): Slice[] {
  let end = -Infinity;
  return slices.filter((slice) => {
    if (endUs(slice) <= end) return false;
    end = endUs(slice);
    return true;
  });
}

/** What scripts took of the thread. */
export const scripting = (slices: Slice[]): Slice[] => outermost(slices.filter(({ name }) => SCRIPTING.has(name)));

export const within = (slices: Slice[], outer: Slice): Slice[] =>
  slices.filter((slice) => slice !== outer && slice.startUs >= outer.startUs && endUs(slice) <= endUs(outer));
