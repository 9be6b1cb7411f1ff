// What questions made of days that are over, and how these were laid out, outlives the shard, and falls with the days.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { Collector, pageview } from '../support/collector.ts';

const persist = mkdtempSync(path.join(tmpdir(), 'passerby-'));
const sites = { busy: {}, quiet: {} };
let collector: Collector;
const start = async () => (collector = await Collector.start({ sites, persist }));
before(start);
after(async () => {
  await collector.stop();
  rmSync(persist, { recursive: true });
});

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
/** The UTC day of so many days ago. */
const day = (ago: number) => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10);
const tab = (n: number) => n.toString(16).padStart(16, '0');
const from = (n: number) => ({ 'cf-connecting-ip': `192.0.2.${n}` });

/** One page view every 31 minutes of the last 70 hours: as many visits. */
const visits = (count: number) => Array.from({ length: count }, (_, n) => pageview(`/${n % 7}`, {}, n === 0 ? -(count - 1) * 31 * MINUTE : 31 * MINUTE));
const PER_TAB = 135;

const ask = (site: string, question: string) => collector.read(`/api/v1/stats/${question}&site_id=${site}`).then((answer) => answer.json.results);
const ofDay = (ago: number) => `aggregate?metrics=visitors,visits,pageviews&period=custom&date=${day(ago)},${day(ago)}`;
const questions = [ofDay(1), ofDay(2), `breakdown?property=event:page&period=custom&date=${day(3)},${day(0)}`];
const answers = (site: string) => Promise.all(questions.map((question) => ask(site, question)));

/** Stops the collector, does something to the databases of shards, and starts it again. */
async function meanwhile<T>(act: (database: DatabaseSync) => T): Promise<T[]> {
  await collector.stop();
  const files = readdirSync(persist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sqlite'));
  const done: T[] = [];
  for (const file of files) {
    const database = new DatabaseSync(path.join(persist, file));
    if (database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'partial'").get()) done.push(act(database));
    database.close();
  }
  await start();
  return done;
}

const rows = (database: DatabaseSync) => Number(database.prepare('SELECT COUNT(*) AS n FROM partial').get()?.['n']);
const sum = (numbers: number[]) => numbers.reduce((sum, some) => sum + some, 0);
const stored = async () => sum(await meanwhile(rows));
const drafts = async () => sum(await meanwhile((database) => Number(database.prepare('SELECT COUNT(DISTINCT day) AS n FROM draft').get()?.['n'])));

/** Takes the sessions of yesterday and the day before away, and what else `table` holds of them, or brings them back. */
const yesterday = Math.floor(Date.now() / DAY) - 1;
const rename = (from: string, to: string, table?: string) =>
  meanwhile((database) => {
    const found = rows(database) > 0;
    if (found) for (const at of [yesterday, yesterday - 1]) database.exec(`ALTER TABLE ${from}_${at} RENAME TO ${to}_${at}`);
    if (found && table) database.exec(`DELETE FROM ${table}`);
    return found;
  });
const another = (ago: number, source: string) => `${ofDay(ago)}&filters=visit:source!=${source}`;
const others = (source: string) => Promise.all([another(1, source), another(2, source)].map((question) => ask('busy', question)));

test('a shard that starts answers about days that are over without reading them', { timeout: 120_000 }, async () => {
  for (let n = 1; n <= 120; n++) {
    const answer = await collector.send({ site: 'busy', tab: tab(n), events: visits(PER_TAB) }, from(n));
    assert.equal(answer.json.accepted, PER_TAB, answer.text);
  }
  await collector.send({ site: 'quiet', tab: tab(1), events: visits(PER_TAB) }, from(1));
  const before = await answers('busy');
  const quiet = await answers('quiet');
  assert.equal(await stored(), questions.length, 'those of few visits are not worth a row');
  assert.deepEqual([await answers('busy'), await answers('quiet')], [before, quiet]);

  // Whoever reads these days while their sessions are not there fails.
  assert.equal((await rename('session', 'hidden', 'draft')).filter(Boolean).length, 1);
  assert.deepEqual((await answers('busy')).slice(0, 2), before.slice(0, 2));
  assert.equal(await ask('busy', another(1, 'Google')), undefined, 'another question does read them');
  await rename('hidden', 'session');
});

test('a shard that starts reads days that are over as they were laid out last', { timeout: 120_000 }, async () => {
  const before = await others('Google');
  assert.equal(await drafts(), 2, 'neither today nor days of few visits');
  await rename('session', 'hidden');
  assert.deepEqual(await others('Bing'), before, 'new questions, and no sessions to be read');
  await rename('hidden', 'session');
});

test('an event that comes late drops what is kept of its day, and of no other', { timeout: 120_000 }, async () => {
  const before = await answers('busy');
  const kept = await stored();
  const noon = Math.floor(Date.now() / DAY) * DAY - DAY / 2; // of yesterday
  await collector.send({ site: 'busy', tab: tab(999), events: [pageview('/late', {}, noon - Date.now())] }, from(250));
  // Half of the questions about one day, and that about all.
  assert.deepEqual([await stored(), await drafts()], [(kept - 1) / 2, 1], 'what is about the day before');
  const [ofYesterday, ofTheDayBefore, pages] = await answers('busy');
  assert.equal(ofYesterday.visits.value, before[0].visits.value + 1);
  assert.deepEqual(ofTheDayBefore, before[1]);
  assert.deepEqual(pages.at(-1), { page: '/late', visitors: 1 });
  assert.deepEqual([await stored(), await drafts()], [(kept - 1) / 2 + 2, 2], 'what was dropped is made and kept anew');
});

test('what other code has made is not read', { timeout: 60_000 }, async () => {
  const before = await answers('busy');
  const kept = await stored();
  await meanwhile((database) => {
    for (const table of ['partial', 'draft']) database.exec(`UPDATE ${table} SET folds = 'another', bytes = x'ff'`);
  });
  assert.deepEqual(await answers('busy'), before);
  assert.deepEqual([await stored(), await drafts()], [questions.length, 2], 'and makes room');
  assert.ok(kept > questions.length);
});
