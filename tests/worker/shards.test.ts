// A site of several shards answers as one of one shard does, and says so where it cannot.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { Collector, adminKey, custom, pageview } from '../support/collector.ts';

const counts = [1, 4, 16, 64, 256];
const persist = mkdtempSync(path.join(tmpdir(), 'passerby-'));
const sites = {
  ...Object.fromEntries(counts.map((shards) => [`of-${shards}`, { shards }])),
  broken: { shards: 4 },
  fixed: { shards: 4 },
  three: { shards: 3 },
};
let collector: Collector;
before(async () => {
  collector = await Collector.start({ sites, persist });
});
after(async () => {
  await collector.stop();
  rmSync(persist, { recursive: true });
});

/** Twenty visitors: each sees a page that all see and one that every fourth sees; half of them sign up. */
async function visit(site: string): Promise<void> {
  for (let n = 0; n < 20; n++) {
    const events = [pageview('/', {}, -10), pageview(`/${n % 4}`, {}, 5), ...(n % 2 === 0 ? [custom('Signup', 5)] : [])];
    const answer = await collector.send({ site, tab: `00000000000000${n + 16}`, events }, { 'cf-connecting-ip': `192.0.2.${n}` });
    assert.equal(answer.json.accepted, events.length, answer.text);
  }
}

async function post(route: string, body: object) {
  return collector.request(route, { method: 'POST', headers: { authorization: `Bearer ${adminKey}` }, body: JSON.stringify(body) });
}

/** What a site answers, but for its name. */
async function answers(site: string): Promise<unknown[]> {
  const get = async (route: string) => (await collector.read(`/api/v1/stats/${route}site_id=${site}&period=7d`)).json;
  const v2 = { site_id: site, date_range: '7d', metrics: ['visitors', 'events'], dimensions: ['event:page'], filters: [['is', 'event:name', ['pageview']]] };
  const funnel = { site_id: site, date_range: '7d', steps: [{ page: '/' }, { page: '/2' }, { event: 'Signup' }] };
  return [
    await get('aggregate?metrics=visitors,visits,pageviews,events,bounce_rate&'),
    await get('breakdown?property=event:page&metrics=visitors,pageviews&'),
    await get('timeseries?metrics=visitors&'),
    (await post('/api/v2/query', v2)).json.results,
    (await post('/api/v1/funnel', funnel)).json,
    await collector.outcomes(site),
  ];
}

/** The databases of objects that hold sessions, while no collector runs. */
function databasesWithSessions(): string[] {
  const files = readdirSync(persist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sqlite'));
  return files.map((file) => path.join(persist, file)).filter((file) => sessionTables(file).length > 0);
}

function sessionTables(file: string): string[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const names = database.prepare("SELECT name FROM sqlite_master WHERE name LIKE 'session_%'").all().map((row) => String(row['name']));
  database.close();
  return names;
}

test('whatever the number of shards, the answers are the same', { timeout: 120_000 }, async () => {
  await visit('of-1');
  const expected = await answers('of-1');
  assert.deepEqual(expected.at(-1), { accepted: 50 });
  for (const shards of counts.slice(1)) {
    await visit(`of-${shards}`);
    assert.deepEqual(await answers(`of-${shards}`), expected, `${shards} shards`);
  }
  await collector.stop();
  const used = databasesWithSessions().length;
  collector = await Collector.start({ sites, persist });
  assert.ok(used > 1 + 3 + 8 + 12, `${used} objects hold visitors: they are spread`);
});

test('another number of shards is refused with those there may be', async () => {
  for (const answer of [await collector.send({ site: 'three', events: [] }), await collector.read('/api/v1/outcomes?site_id=three')]) {
    assert.equal(answer.status, 503);
    assert.match(answer.json.detail, /site three 3 shards; there may be 1, 4, 16, 64 or 256/);
  }
});

test('settings that change later are named to whoever reads, and misroute nothing', async () => {
  await visit('fixed');
  const before = await answers('fixed');
  const restart = async (shards: number) => {
    await collector.stop();
    collector = await Collector.start({ sites: { ...sites, fixed: { shards } }, persist });
  };
  await restart(16);
  const refused = await collector.read('/api/v1/stats/aggregate?site_id=fixed');
  assert.equal(refused.status, 503);
  assert.match(refused.json.detail, /the site fixed has 4 shards, which cannot change; wrangler.toml says 16/);
  const batch = { site: 'fixed', tab: '0000000000000016', events: [pageview('/', {}, -10), pageview('/0', {}, 5), custom('Signup', 5)] };
  const again = await collector.send(batch, { 'cf-connecting-ip': '192.0.2.0' });
  assert.deepEqual([again.status, again.json.duplicate], [200, 3], 'the visitor is where it was');
  await restart(4);
  const now = await answers('fixed');
  assert.deepEqual(now.slice(0, -1), before.slice(0, -1));
});

test('a shard that cannot answer is named beside what the others say', async () => {
  await collector.stop();
  const known = new Set(databasesWithSessions());
  collector = await Collector.start({ sites, persist });
  await visit('broken');
  const whole = await collector.aggregate('visitors', '', 'broken');
  await collector.stop();
  const file = databasesWithSessions().find((name) => !known.has(name));
  assert.ok(file !== undefined);
  const database = new DatabaseSync(file);
  for (const table of sessionTables(file)) database.exec(`UPDATE ${table} SET body = x'ff'`);
  const lost = sessionTables(file).reduce((sum, table) => sum + Number(database.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get()?.['n']), 0);
  database.close();
  collector = await Collector.start({ sites, persist });

  const range = 'site_id=broken&period=7d';
  const v1 = await collector.read(`/api/v1/stats/aggregate?${range}&compare=previous_period`);
  const v2 = await post('/api/v2/query', { site_id: 'broken', date_range: '7d', metrics: ['visitors'], include: { total_rows: true } });
  const report = await post('/api/v1/exits', { site_id: 'broken', date_range: '7d' });
  const failed = v1.json.meta.failed_shards;
  assert.equal(failed.length, 1);
  assert.deepEqual([v1.status, v2.status, report.status], [200, 200, 200]);
  assert.deepEqual([v2.json.meta, report.json.meta], [{ total_rows: 1, failed_shards: failed }, { failed_shards: failed }]);
  assert.equal(v1.json.results.visitors.value, (whole.visitors ?? 0) - lost);
  const number = await collector.read('/api/v1/stats/realtime/visitors?site_id=broken');
  assert.equal(number.status, 503, 'a bare number cannot say that a part is missing');
});
