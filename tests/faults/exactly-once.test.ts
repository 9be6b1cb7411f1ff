// The short form of what `make soak` does with a million events. SEED= decides what visitors do and what fails.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { run } from './run.ts';

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

test(`what is acknowledged is counted once, whatever fails on the way and however often the collector is killed (SEED=${seed})`, { timeout: 300_000 }, async (t) => {
  const done = await run({ events: 5_000, seed, atOnce: 60, burst: 30, kills: 3, evictions: 6, alarms: 6, replayed: 100, say: (text) => t.diagnostic(text) });
  t.diagnostic(JSON.stringify(done));
  assert.ok(done.lost > 0 && done.duplicates > 0, 'some replies were lost, and some events came again');
});
