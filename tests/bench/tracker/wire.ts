// What a tracker sends: ten events in a minute, and a visit of five minutes. The page's clock is moved on by hand; the
// network is real.

import type { Browser, Page } from 'playwright-core';
import { browser as userAgent } from '../../support/collector.ts';
import { Decoder } from '../../support/decode.ts';
import type { Exchange, FaultyProxy } from '../../support/faulty-proxy.ts';
import type { Site } from './site.ts';
import { inTime } from './deadline.ts';
import { sum } from './statistics.ts';
import type { Tracker } from './trackers.ts';

/** Requests are those that carry something, so no preflights; bytes are those of their bodies. */
export type Wire = { wire_bytes_per_event: number; visit_requests: number; visit_bytes: number };

const EVENTS = 10;
const VISIT_EVENTS = 60;
const VISIT_MS = 5 * 60_000;

const posts = (proxy: FaultyProxy) => proxy.requests.filter(({ method }) => method === 'POST');

/** What is under way has arrived, and the page has heard the answer. */
async function settle(page: Page, proxy: FaultyProxy): Promise<void> {
  const round = () => page.evaluate('fetch("/away").then((answer) => answer.text())');
  await round();
  await proxy.until(() => proxy.exchanges.every(({ over }) => over));
  await round();
}

/**
 * Moves the page's clock on, and lets what that caused come to rest. A clock that moved while a request is under way would
 * have its tracker give it up, and send it again.
 */
async function pass(page: Page, proxy: FaultyProxy, ms: number): Promise<void> {
  await page.clock.runFor(ms);
  await settle(page, proxy);
}

async function visit<T>(browser: Browser, site: Site, tracker: Tracker, stay: (page: Page, proxy: FaultyProxy) => Promise<T>): Promise<T> {
  const proxy = await site.proxyFor(tracker);
  const page = await (await browser.newContext({ userAgent })).newPage();
  await page.clock.install();
  await page.goto(site.pages.url + site.path(tracker, proxy), { waitUntil: 'load' });
  await pass(page, proxy, 5_000);
  await proxy.until(() => posts(proxy).length > 0);
  await settle(page, proxy);
  const seen = await stay(page, proxy);
  await page.context().close();
  await proxy.stop();
  return seen;
}

/** How many of the events are in each of these requests. */
async function countEvents(tracker: Tracker, sent: Exchange[]): Promise<number[]> {
  const { decode } = tracker;
  if (decode) return sent.map((exchange) => decode(exchange).length);
  const decoder = new Decoder();
  try {
    const batches = await Promise.all(sent.map(({ body }) => decoder.decode(body)));
    return batches.map(({ events }) => events.filter(({ custom }) => custom).length);
  } finally {
    decoder.stop();
  }
}

export const measureWire = (browser: Browser, site: Site, tracker: Tracker): Promise<Wire> => inTime(180_000, `bytes of ${tracker.name}`, measure(browser, site, tracker));

async function measure(browser: Browser, site: Site, tracker: Tracker): Promise<Wire> {
  const bytes = await visit(browser, site, tracker, async (page, proxy) => {
    // Whatever a tracker still says of the page view is said within a minute.
    await pass(page, proxy, 60_000);
    const before = posts(proxy).length;
    for (let place = 0; place < EVENTS; place++) {
      await page.evaluate('track("Signup")');
      await pass(page, proxy, 700);
    }
    await pass(page, proxy, 60_000);
    const sent = posts(proxy).slice(before);
    const events = await countEvents(tracker, sent);
    if (sum(events) !== EVENTS) throw new Error(`${tracker.name}: not ${EVENTS} events`);
    return sum(sent.filter((_, place) => events[place]).map(({ body }) => body.length));
  });
  const whole = await visit(browser, site, tracker, async (page, proxy) => {
    for (let place = 0; place < VISIT_EVENTS; place++) {
      await page.evaluate('track("Signup")');
      await pass(page, proxy, VISIT_MS / VISIT_EVENTS);
    }
    await page.goto(`${site.pages.url}/away`);
    await pass(page, proxy, 1_000);
    return posts(proxy).map(({ body }) => body.length);
  });
  return { wire_bytes_per_event: bytes / EVENTS, visit_requests: whole.length, visit_bytes: sum(whole) };
}
