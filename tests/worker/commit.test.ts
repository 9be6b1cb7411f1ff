// Batches that arrive together are written together: all or none of them, and one row of each session.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { Collector, custom, pageview } from '../support/collector.ts';

const persist = mkdtempSync(path.join(tmpdir(), 'passerby-'));
const sites = { together: {}, rows: {}, visitors: {}, fails: {}, twice: {} };
let collector: Collector;
before(async () => {
  collector = await Collector.start({ sites, persist });
});
after(async () => {
  await collector.stop();
  rmSync(persist, { recursive: true });
});

const tab = (n: number) => n.toString(16).padStart(16, '0');
const from = (n: number) => ({ 'cf-connecting-ip': `192.0.2.${n}` });

async function storage(site: string): Promise<{ batches: number; rows: number }> {
  const { json } = await collector.read(`/api/v1/storage?site_id=${site}`);
  return { batches: json.results[0].batches, rows: json.results[0].rows_written };
}

test('of two batches of a visitor that arrive together each is answered for itself, and each event counts once', async () => {
  const { ticket } = (await collector.send({ site: 'together', tab: tab(1), events: [pageview('/')] })).json;
  const next = { site: 'together', tab: tab(1), first: 1, ticket, events: [custom('a'), custom(''), custom('b', 5)] };
  const answers = await Promise.all([collector.send(next), collector.send(next), collector.send({ ...next, tab: tab(2), first: 0 })]);
  const what = answers.map(({ json }) => [json.accepted, json.duplicate, json.refused.length]).sort();
  assert.deepEqual(what, [[0, 2, 1], [2, 0, 1], [2, 0, 1]]);
  assert.deepEqual(await collector.outcomes('together'), { accepted: 5, duplicate: 2, 'refused:missing_field': 3 });
  assert.equal((await collector.aggregate('events,visitors', '', 'together')).events, 5);
});

test('of a session that many batches continue at once, few rows are written', async () => {
  const { ticket } = (await collector.send({ site: 'rows', tab: tab(1), events: [pageview('/')] })).json;
  const before = await storage('rows');
  const batches = Array.from({ length: 150 }, (_, n) => collector.send({ site: 'rows', tab: tab(1), first: n + 1, ticket, events: [custom(`event ${n}`)] }));
  const answers = await Promise.all(batches);
  assert.ok(answers.every(({ json }) => json.accepted === 1));
  const now = await storage('rows');
  assert.equal(now.batches - before.batches, 150);
  assert.ok(now.rows - before.rows < 100, `${now.rows - before.rows} rows of 150 batches`);
  assert.equal((await collector.aggregate('events', '', 'rows')).events, 151);
});

test('of many visitors who arrive at once each has a session of their own, and one row', async () => {
  await collector.send({ site: 'visitors', tab: tab(1), events: [pageview('/')] }, from(1));
  const before = await storage('visitors');
  await Promise.all(Array.from({ length: 60 }, (_, n) => collector.send({ site: 'visitors', tab: tab(n + 2), events: [pageview('/'), custom('a', 1)] }, from(n + 2))));
  const now = await storage('visitors');
  assert.deepEqual([now.batches - before.batches, now.rows - before.rows], [60, 60]);
  assert.deepEqual(await collector.aggregate('visitors,visits,events', '', 'visitors'), { visitors: 61, visits: 61, events: 121 });
});

/** Runs a statement on the table of the site's sessions, while no collector runs. */
function alter(text: string, statement: (table: string) => string): void {
  const files = readdirSync(persist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sqlite'));
  for (const file of files) {
    const database = new DatabaseSync(path.join(persist, file));
    for (const { name } of database.prepare("SELECT name FROM sqlite_master WHERE name LIKE 'session_%' AND type = 'table'").all()) {
      const bodies = database.prepare(`SELECT body FROM ${name}`).all().map((row) => Buffer.from(row['body'] as Uint8Array));
      if (bodies.some((body) => body.includes(text))) database.exec(statement(String(name)));
    }
    database.close();
  }
}

test('a commit that fails refuses all of its batches and counts nothing; sent again, they count once', { timeout: 60_000 }, async () => {
  await collector.send({ site: 'fails', tab: tab(1), events: [custom('of the shard that fails')] }, from(1));
  await collector.stop();
  alter('of the shard that fails', (table) => `CREATE TRIGGER full BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`);
  collector = await Collector.start({ sites, persist });
  const send = () => Promise.all([2, 3, 4, 5].map((n) => collector.send({ site: 'fails', tab: tab(n), events: [pageview('/'), custom('', 1)] }, from(n))));
  for (const { status, json, headers } of await send()) {
    assert.deepEqual([status, json.type, headers.get('retry-after')], [503, 'urn:passerby:problem:unavailable', '1']);
  }
  const { accepted, 'refused:missing_field': bad } = await collector.outcomes('fails');
  assert.deepEqual([accepted, bad], [1, undefined]);
  assert.equal((await collector.aggregate('events', '', 'fails')).events, 1);
  assert.deepEqual((await collector.read('/api/v1/rejects?site_id=fails')).json.results, []);
  await collector.stop();
  alter('of the shard that fails', () => 'DROP TRIGGER full');
  collector = await Collector.start({ sites, persist });
  for (const { json } of await send()) assert.deepEqual([json.accepted, json.refused.length], [1, 1]);
  assert.equal((await collector.aggregate('events', '', 'fails')).events, 5);
});

test('where one of two tables takes nothing, neither does the other', { timeout: 60_000 }, async () => {
  const hourAgo = -3_600_000;
  await collector.send({ site: 'twice', tab: tab(1), events: [custom('of the shard with two tables', hourAgo)] }, from(1));
  await collector.stop();
  alter('of the shard with two tables', (table) => `CREATE TRIGGER full BEFORE INSERT ON ${table.replace('session', 'further')} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`);
  collector = await Collector.start({ sites, persist });
  // The second session of the first visitor, among the first sessions of others: whichever of them are written with it.
  const others = Array.from({ length: 20 }, (_, n) => n + 2);
  const send = () => Promise.all([...others, 1].map((n) => collector.send({ site: 'twice', tab: tab(n), first: 1, events: [pageview('/')] }, from(n))));
  const answers = await send();
  const taken = answers.filter(({ status }) => status === 200).length;
  assert.deepEqual(answers.at(-1)?.status, 503);
  assert.equal((await collector.aggregate('events', '', 'twice')).events, 1 + taken);
  assert.equal((await collector.outcomes('twice')).accepted, 1 + taken);
  await collector.stop();
  alter('of the shard with two tables', () => 'DROP TRIGGER full');
  collector = await Collector.start({ sites, persist });
  for (const { json } of await send()) assert.equal(json.accepted + json.duplicate, 1);
  assert.deepEqual(await collector.aggregate('visits,events', '', 'twice'), { visits: 22, events: 22 });
});
