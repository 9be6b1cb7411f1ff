// The loss table of each tracker: of ten events, how many a collector has that counts each once.

import { setTimeout } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { browser as userAgent, type Collector } from '../../support/collector.ts';
import { type Column, columns, openAsPopup } from '../../support/loss.ts';
import type { Site } from './site.ts';
import { inTime } from './deadline.ts';
import { sum } from './statistics.ts';
import type { Tracker } from './trackers.ts';

/** By column. */
export type Losses = Record<string, number>;

/** How long what was not yet counted has after the column's end. PostHog's second try comes within 9 s. */
const GRACE_MS = 30_000;

/** Of ours, so that its ten events meet the fault: it would else keep them for a minute, and nothing would fail. */
const INTERVAL_MS = 500;

export const siteOf = (column: Column): string => `bench ${column.name}`;

async function lose(browser: Browser, site: Site, collector: Collector, tracker: Tracker, column: Column): Promise<number> {
  const proxy = await site.proxyFor(tracker);
  const page = await openAsPopup(browser, site.pages.url, site.path(tracker, proxy, siteOf(column), INTERVAL_MS, column.persist), userAgent);
  const context = page.context();
  await page.waitForLoadState('load');
  await proxy.until(() => proxy.requests.some(({ method, status }) => method === 'POST' && status === 200));
  await column.run(page, proxy);

  const count = async (): Promise<number> => {
    const { decode } = tracker;
    if (!decode) {
      const query = `site_id=${encodeURIComponent(siteOf(column))}&period=7d&property=event:name&metrics=events&limit=100`;
      const { json } = await collector.read(`/api/v1/stats/breakdown?${query}`);
      return sum(json.results.filter(({ name }: { name: string }) => name.startsWith('Loss ')).map(({ events }: { events: number }) => events));
    }
    const taken = proxy.requests.filter(({ replies }) => replies.length > 0);
    // Each as often as the collector got it; events with an id once.
    const ids = taken.flatMap((exchange, place) => exchange.replies.flatMap((_, time) => decode(exchange).map(({ id }, at) => id ?? `${place} ${time} ${at}`)));
    return new Set(ids).size;
  };
  const grace = new AbortController();
  await Promise.race([
    proxy.until(async () => (await count()) >= 10 && proxy.requests.every(({ over }) => over)),
    setTimeout(GRACE_MS, undefined, { signal: grace.signal }),
  ]);
  grace.abort();
  const counted = await count();
  await context.close();
  await proxy.stop();
  return counted;
}

export async function measureLosses(browser: Browser, site: Site, collector: Collector, tracker: Tracker): Promise<Losses> {
  const counts = await Promise.all(
    columns.map(async (column) => [column.name, await inTime(120_000, `${tracker.name}, ${column.name}`, lose(browser, site, collector, tracker, column))]),
  );
  return Object.fromEntries(counts);
}
