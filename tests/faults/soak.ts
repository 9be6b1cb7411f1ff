// The fault test for as long as a million events take: part of `make soak`. EVENTS= and SEED= may be given.

import { run } from './run.ts';

const events = Number(process.env['EVENTS'] || 1_000_000);
const seed = Number(process.env['SEED'] || Date.now() % 2 ** 31);
const often = (each: number) => Math.max(2, Math.round(events / each));

console.log(`${events} events behind a proxy that fails, SEED=${seed}`);
const done = await run({
  events, seed, atOnce: 160, burst: 120, replayed: 50,
  kills: often(25_000), evictions: often(20_000), alarms: often(20_000), say: (text) => console.log(`  ${text}`),
});
console.log(`every acknowledged event is counted once, and the outcomes add up: ${JSON.stringify(done)}`);
