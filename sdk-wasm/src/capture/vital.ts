// Web vitals as web.dev defines them: of the load of the page, until it is hidden or left for the first time, each once.
// What comes back from the back/forward cache is no load; its vitals are not measured.

import { attempt, type Report, type Watch } from './watch.ts';

/** A slow interaction, or a shift of what is shown. The types of TypeScript have them not yet. */
type Entry = PerformanceEntry & { interactionId: number; value: number; hadRecentInput: boolean };

/** One of so many interactions may be slower than what counts. */
const INTERACTIONS = 50;

export const watchVitals = (report: Report): Watch => {
  const [load] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  // A prerendered page begins when it is shown.
  const begun = (load as { activationStart?: number } | undefined)?.activationStart ?? 0;
  const isHidden = (entry: PerformanceEntry) => entry.name === 'hidden' && entry.startTime >= begun;
  /** Paints count until then. */
  let until = performance.getEntriesByType('visibility-state').find(isHidden)?.startTime ?? Infinity;
  const say = (name: string, value: number) => report({ vital: { name, value } });

  const ends: (() => void)[] = [];
  const observe = (type: string, see: (entry: Entry) => void) =>
    // Not every browser measures everything.
    attempt(() => {
      const seeAll = (entries: PerformanceEntryList) => (entries as Entry[]).forEach(see);
      const observer = new PerformanceObserver((list) => seeAll(list.getEntries()));
      observer.observe({ type, buffered: true, durationThreshold: 40 } as PerformanceObserverInit);
      ends.push(() => seeAll(observer.takeRecords()));
    });

  if (load?.responseStart) say('TTFB', load.responseStart - begun);

  let isPainted = false;
  observe('paint', ({ name, startTime }) => {
    if (name !== 'first-contentful-paint' || startTime >= until) return;
    isPainted = true;
    say('FCP', startTime - begun);
  });

  // The browser itself stops at the first input.
  let largest: number | undefined;
  observe('largest-contentful-paint', ({ startTime }) => {
    if (startTime < until) largest = startTime - begun;
  });
  const sayLargest = () => {
    if (largest === undefined) return;
    say('LCP', largest);
    largest = undefined;
    until = 0;
  };

  // The worst run of shifts that are less than a second apart and within five.
  let worst = 0;
  let sum = 0;
  let first = -Infinity;
  let last = first;
  observe('layout-shift', ({ startTime, value, hadRecentInput }) => {
    if (hadRecentInput) return;
    if (startTime - last >= 1_000 || startTime - first >= 5_000) {
      sum = 0;
      first = startTime;
    }
    last = startTime;
    sum += value;
    worst = Math.max(worst, sum);
  });

  // Each interaction's longest event.
  const interactions = new Map<number, number>();
  for (const type of ['event', 'first-input']) {
    observe(type, ({ interactionId: id, duration }) => {
      if (id) interactions.set(id, Math.max(duration, interactions.get(id) ?? 0));
    });
  }

  const end = () => {
    if (!ends.length) return;
    for (const call of ends.splice(0)) call();
    sayLargest();
    if (isPainted) say('CLS', worst * 10_000);
    const slowest = [...interactions.values()].sort((a, b) => b - a);
    const { interactionCount = 0 } = performance as { interactionCount?: number };
    const slow = slowest[Math.min(slowest.length - 1, Math.floor(interactionCount / INTERACTIONS))];
    if (slow !== undefined) say('INP', slow);
  };

  return {
    // It is the page before that was so fast.
    turn: sayLargest,
    pagehide: end,
    visibilitychange: end,
  };
};
