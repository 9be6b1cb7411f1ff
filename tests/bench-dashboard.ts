// How long the overview takes on a processor four times slower: until something is seen, and until all of it is there. Cold
// contexts, made-up visits of three days; bytes come from this machine, so the network is left out.

import type { Page } from 'playwright-core';
import { launch } from './support/chromium.ts';
import { Collector, adminKey } from './support/collector.ts';
import { visits } from './support/visits.ts';

const site = 'fernweh.example';
const slower = 4;
const rounds = 9;

const collector = await Collector.start({ files: true, sites: { [site]: { count_bots: true, hosts: ['*'] } } });
const browser = await launch();

/** Notes when nothing is waited for any more. */
function watch(): void {
  const look = () => {
    const isThere = document.querySelector('.tile') !== null && document.querySelector('.skeleton, .stale, [aria-busy="true"]') === null;
    if (isThere) (window as any).completeMs = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function measure(page: Page): Promise<{ seen: number; complete: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.goto(`${collector.url}/?site=${site}&range=7d`);
  await page.waitForFunction(() => (window as any).completeMs !== undefined);
  return page.evaluate(() => ({ seen: performance.getEntriesByName('first-contentful-paint')[0]!.startTime, complete: (window as any).completeMs }));
}

try {
  for (const { batch, headers, cf } of visits(site, 2600, 71, 7, Date.now())) {
    const answer = await collector.request('/e', { method: 'POST', body: JSON.stringify(batch), headers: { 'content-type': 'text/plain', ...headers }, cf });
    if (answer.status !== 200) throw new Error(answer.text);
  }
  const taken: { seen: number; complete: number }[] = [];
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
} finally {
  await browser.close();
  await collector.stop();
}
