// What can go wrong while ten events are under way: the columns of the loss table. In each, a page that was counted
// already sends ten events of its own, and then does nothing more that could help them.

import { setTimeout } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { answer, type Fault, type FaultyProxy, loseReply, pass, reset, within } from './faulty-proxy.ts';

export const EVENTS = 10;

/** How long a collector or its network fails. */
const FAILS_MS = 4_000;

const OFFLINE_MS = 10_000;

export type Column = {
  name: string;
  /** In a page that has `track(name)` and knows of `/away`, which is served to it; its tracker talks to the proxy. */
  run(page: Page, proxy: FaultyProxy): Promise<void>;
  /** What is unsent is to outlive the page, of trackers that do so by option. */
  persist?: true;
};

export const eventName = (place: number): string => `Loss ${place}`;

/** Opens a page of the site in which `window.close` works, for a page opened it. */
export async function openAsPopup(browser: Browser, site: string, path: string, userAgent: string): Promise<Page> {
  const opener = await (await browser.newContext({ userAgent })).newPage();
  await opener.goto(`${site}/away`);
  const opened = opener.waitForEvent('popup');
  await opener.evaluate((url) => void window.open(url), path);
  return opened;
}

/** Calls `track` ten times, then runs `rest`, all in one task. */
const tenEvents = (rest = '') => `for (let i = 0; i < ${EVENTS}; i++) track('Loss ' + i); ${rest}`;

/** A question before the request (a preflight) is not what is lost; trackers that need none shall not gain by it. */
const butPreflights = (fault: Fault): Fault => (exchange) => (exchange.method === 'OPTIONS' ? pass : fault)(exchange);

/** What the collector does for some time from the first of the ten on. */
const failing = (name: string, fault: Fault): Column => ({
  name,
  async run(page, proxy) {
    proxy.fault = butPreflights(within(FAILS_MS, fault));
    await page.evaluate(tenEvents());
  },
});

export const columns: Column[] = [
  failing('503 for 4 s', answer(503)),
  failing('429 with Retry-After', answer(429, { 'retry-after': `${FAILS_MS / 1_000}` })),
  failing('connections reset', reset),
  failing('reply lost', loseReply),
  {
    name: '503, then reload',
    persist: true,
    async run(page, proxy) {
      await failing('', answer(503)).run(page, proxy);
      await proxy.until(() => proxy.requests.some(({ status }) => status === 503));
      await page.reload();
    },
  },
  {
    name: 'navigate at once',
    async run(page) {
      await page.evaluate(tenEvents("location.href = '/away'"));
      await page.waitForURL('**/away');
    },
  },
  {
    name: 'close the tab at once',
    async run(page) {
      const closed = page.waitForEvent('close');
      await page.evaluate(tenEvents('window.close()')).catch(() => undefined); // the page is gone before it can say so
      await closed;
    },
  },
  {
    name: 'offline for 10 s',
    async run(page) {
      await page.context().setOffline(true);
      await page.evaluate(tenEvents());
      await setTimeout(OFFLINE_MS);
      await page.context().setOffline(false);
    },
  },
];
