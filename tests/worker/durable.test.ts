// What was acknowledged is there after a restart, and what must not be kept is not.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { Collector, custom, pageview } from '../support/collector.ts';

test('acknowledged events, tickets and the window of seen events outlive the collector; addresses do not', async () => {
  const persist = mkdtempSync(path.join(tmpdir(), 'passerby-'));
  const address = '203.0.113.77';
  const batch = { events: [pageview('/'), custom('Signup', 5)] };
  let collector = await Collector.start({ persist });
  try {
    const { ticket } = (await collector.send(batch, { 'cf-connecting-ip': address })).json;
    const before = await collector.aggregate('visitors,visits,pageviews,events');
    await collector.stop();

    const files = readdirSync(persist, { recursive: true, encoding: 'utf8' }).map((file) => path.join(persist, file));
    const stored = files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file));
    assert.ok(stored.some((bytes) => bytes.includes('Signup')), 'this is where events are');
    assert.ok(!stored.some((bytes) => bytes.includes(address)), 'an address is stored');

    collector = await Collector.start({ persist });
    assert.deepEqual(await collector.aggregate('visitors,visits,pageviews,events'), before);
    assert.deepEqual(await collector.outcomes('shop.example'), { accepted: 2 });
    const again = await collector.send(batch, { 'cf-connecting-ip': '203.0.113.79' });
    assert.deepEqual([again.json.accepted, again.json.duplicate], [0, 2]);
    const next = await collector.send({ first: 2, ticket, events: [pageview('/b')] }, { 'cf-connecting-ip': '203.0.113.78' });
    assert.deepEqual([next.json.accepted, next.json.ticket], [1, '']);
    assert.equal((await collector.aggregate('visitors')).visitors, 1);
  } finally {
    await collector.stop();
    rmSync(persist, { recursive: true });
  }
});

/** The shard's tables, while no collector runs: their names, and how many parts of packed days there are. */
function shardTables(persist: string): { names: string[]; parts: number } {
  const files = readdirSync(persist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sqlite'));
  for (const file of files) {
    const database = new DatabaseSync(path.join(persist, file), { readOnly: true });
    const names = database.prepare('SELECT name FROM sqlite_master').all().map((row) => String(row['name']));
    const parts = names.includes('segment') ? Number(database.prepare('SELECT COUNT(*) AS n FROM segment').get()?.['n']) : 0;
    database.close();
    if (names.includes('segment')) return { names: names.filter((name) => name.startsWith('session')), parts };
  }
  throw new Error('there is no shard');
}

test('a day that is over is packed once, and no answer changes', async () => {
  const persist = mkdtempSync(path.join(tmpdir(), 'passerby-'));
  let collector = await Collector.start({ persist });
  const questions = ['aggregate?metrics=visitors,visits,pageviews,events,bounce_rate', 'breakdown?property=event:page', 'breakdown?property=event:name', 'timeseries?metrics=visits'];
  const answers = () => Promise.all(questions.map(async (question) => (await collector.read(`/api/v1/stats/${question}&site_id=shop.example&period=7d`)).text));
  const hours = (count: number) => Date.now() + count * 3_600_000;
  try {
    for (const n of [1, 2, 3]) {
      const batch = { tab: `000000000000008${n}`, events: [pageview('/'), custom('Signup', 5), pageview(`/${n}`, {}, 5)] };
      await collector.send(batch, { 'cf-connecting-ip': `192.0.2.${n}` });
    }
    const before = await answers();
    for (const [at, tables] of [[48, 1], [100, 0], [100, 0]] as const) {
      await collector.tidy('shop.example', hours(at));
      await collector.stop();
      const stored = shardTables(persist);
      // Until events can no longer come, and sessions no longer go on, a day keeps its rows.
      assert.deepEqual([stored.names.length, stored.parts], [tables, 1 - tables]);
      collector = await Collector.start({ persist });
      assert.deepEqual(await answers(), before);
    }
  } finally {
    await collector.stop();
    rmSync(persist, { recursive: true });
  }
});
