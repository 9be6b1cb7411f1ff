// Made-up shoppers for the demo, over the real protocol: as many as three days bring, which is as far back as the collector
// takes events, then one every few seconds, until Ctrl-C. `node scripts/visitors.ts http://localhost:8787`

import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type Visit, visits } from '../tests/support/visits.ts';

const site = 'demo';
const past = { visits: 1500, hours: 71 };
/** A visit that is under way began at most so long ago. */
const recentHours = 0.05;
const everyMs = 6000;

/** Where the demo shop has what the made-up one calls so. */
const pages: [of: RegExp, at: string][] = [
  [/^\/$/, '/demo/'], [/^\/products$/, '/demo/list'], [/^\/products\/.*/, '/demo/product'], [/^\/story\/.*/, '/demo/story'], [/^\/help\/.*/, '/demo/app/'],
  [/^\/(search|cart|checkout|thanks)$/, '/demo/$1'],
];

function inShop(event: object): object {
  if (!('pageview' in event)) return event;
  const view = event.pageview as { path: string };
  const [of, at] = pages.find(([of]) => of.test(view.path)) ?? [/$/, ''];
  return { ...event, pageview: { ...view, path: view.path.replace(of, at) } };
}

const [url = `http://localhost:${process.env['PORT'] ?? 8787}`] = process.argv.slice(2);

async function send({ batch, headers }: Visit): Promise<void> {
  // All come from this machine: an id of their own tells them apart, and makes a second run other people's.
  const own = { tab: randomBytes(8).toString('hex'), visitor: randomBytes(16).toString('hex') };
  const body = JSON.stringify({ ...batch, ...own, events: batch.events.map(inShop) });
  const answer = await fetch(`${url}/e`, { method: 'POST', body, headers: { 'content-type': 'text/plain', 'user-agent': headers['user-agent'] ?? '' } });
  if (!answer.ok) throw new Error(await answer.text());
}

const seed = Date.now();
const earlier = visits(site, past.visits, past.hours, seed, Date.now());
process.stdout.write(`${earlier.length} visits of the last three days `);
for (const [place, visit] of earlier.entries()) {
  await send(visit);
  if (place % 100 === 0) process.stdout.write('.');
}
console.log(`\none more every ${everyMs / 1000} seconds, until Ctrl-C: ${url}/?site=${site}&view=live`);
for (let more = 1; ; more++) {
  const [visit] = visits(site, 1, recentHours, seed + more, Date.now());
  if (visit !== undefined) await send(visit);
  await wait(everyMs);
}
