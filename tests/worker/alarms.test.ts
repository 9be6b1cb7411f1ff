// Objects are woken when a day is over: shards to pack it, a site to destroy its salt.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { Collector, pageview } from '../support/collector.ts';

/** When the objects of a stopped collector will be woken, as the runtime keeps it beside them. */
function alarms(persist: string): Date[] {
  const files = readdirSync(persist, { recursive: true, encoding: 'utf8' }).filter((file) => path.basename(file) === 'metadata.sqlite');
  return files.flatMap((file) => {
    const database = new DatabaseSync(path.join(persist, file), { readOnly: true });
    // Nanoseconds.
    const times = database.prepare('SELECT scheduled_time / 1000000 AS at FROM _cf_ALARM').all().map((row) => Number(row['at']));
    database.close();
    return times.map((at) => new Date(at));
  });
}

test('who took in an event is woken at the next midnight, and so is the site', async () => {
  const persist = mkdtempSync(path.join(tmpdir(), 'passerby-'));
  const collector = await Collector.start({ persist });
  try {
    await collector.send({ events: [pageview('/')] });
    const midnight = new Date((Math.floor(Date.now() / 86_400_000) + 1) * 86_400_000);
    await collector.stop();
    assert.deepEqual(alarms(persist), [midnight, midnight]);
  } finally {
    await collector.stop();
    rmSync(persist, { recursive: true });
  }
});
