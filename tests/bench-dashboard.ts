// How long the overview takes on a processor four times slower: until something is seen, and until all of it is there; and how much
// moves meanwhile. Cold contexts, the demo shop's last sixty days; bytes come from this machine, so the network is left out.

import type { Page } from 'playwright-core';
import { importPast } from '../scripts/demo/past.ts';
import { launch } from './support/chromium.ts';
import { Collector, adminKey } from './support/collector.ts';

const site = 'demo';
const slower = 4;
const rounds = 9;

const collector = await Collector.start({ files: true, sites: { [site]: { count_bots: true, hosts: ['*'] } } });
const browser = await launch();

type Taken = { seen: number; complete: number; shift: number };

/** Notes when nothing is waited for any more, and what has moved. */
function watch(): void {
  (window as any).shift = 0;
  new PerformanceObserver((list) => {
    for (const { value } of list.getEntries() as any) (window as any).shift += value;
  }).observe({ type: 'layout-shift', buffered: true });
  const look = () => {
    const isThere = document.querySelector('.tile') !== null && document.querySelector('.skeleton, .stale, [aria-busy="true"]') === null;
    if (isThere) (window as any).completeMs = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function measure(page: Page): Promise<Taken> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.goto(`${collector.url}/?site=${site}`);
  await page.waitForFunction(() => (window as any).completeMs !== undefined);
  return page.evaluate(() => ({ seen: performance.getEntriesByName('first-contentful-paint')[0]!.startTime, complete: (window as any).completeMs, shift: (window as any).shift }));
}

try {
  await importPast({ url: collector.url, key: adminKey, site }, 60, Date.now());
  const taken: Taken[] = [];
  for (let round = 0; round < rounds; round++) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    await context.addInitScript((kept) => location.origin !== 'null' && sessionStorage.setItem('passerby.session', kept), JSON.stringify({ key: adminKey, sites: [] }));
    await context.addInitScript(watch);
    taken.push(await measure(await context.newPage()));
    await context.close();
  }
  for (const [name, of] of [['first contentful paint', 'seen'], ['overview complete', 'complete']] as const) {
    const sorted = taken.map((one) => one[of]).sort((a, b) => a - b).map(Math.round);
    console.log(`${name.padEnd(24)} median ${sorted[rounds >> 1]} ms, from ${sorted[0]} to ${sorted[rounds - 1]} ms (${rounds} loads, ${slower} times slower)`);
  }
  console.log(`layout shift             at most ${Math.max(...taken.map(({ shift }) => shift)).toFixed(3)}`);
} finally {
  await browser.close();
  await collector.stop();
}
