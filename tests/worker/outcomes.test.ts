// What became of what was sent: it adds up, minute by minute, and costs no row of its own.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Collector, custom, pageview } from '../support/collector.ts';

const sites = { sums: { shards: 4, hosts: ['sums.example'] }, rows: {}, spread: { shards: 4 }, packed: {} };
let collector: Collector;
before(async () => {
  collector = await Collector.start({ sites });
});
after(() => collector.stop());

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);
const tab = (n: number) => n.toString(16).padStart(16, '0');
const from = (n: number) => ({ 'cf-connecting-ip': `192.0.2.${n}` });

test('received is accepted, duplicate and refused by reason, in all and by the minute, over all shards', async () => {
  const events = [pageview('/', { host: 'sums.example' }), custom(''), custom('x'.repeat(300)), custom('a', -100 * 3_600_000)];
  let sent = 0;
  for (let n = 1; n <= 12; n++) {
    for (const headers of [from(n), from(n), from(n + 100)]) {
      const answer = await collector.send({ site: 'sums', tab: tab(n), events }, headers);
      assert.equal(answer.json.accepted + answer.json.duplicate + answer.json.refused.length, events.length);
      sent += events.length;
    }
  }
  // Nobody's session: all of it is refused.
  await collector.send({ site: 'sums', tab: tab(99), events: [pageview('/', { host: 'evil.example' })] }, from(99));
  await collector.send({ site: 'sums', tab: tab(98), events: [pageview('/')] }, { 'user-agent': 'curl/8.5.0' });
  sent += 2;
  const expected = {
    accepted: 12, duplicate: 24, 'refused:missing_field': 36, 'refused:text_too_long': 36, 'refused:too_old': 36,
    'refused:host_not_allowed': 1, 'refused:bot': 1,
  };
  for (const query of ['', '&period=7d', '&period=7d&interval=minute', '&period=7d&interval=hour', '&interval=day']) {
    const { json } = await collector.read(`/api/v1/outcomes?site_id=sums${query}`);
    assert.deepEqual([json.results, json.received, sum(json.results)], [expected, sent, sent], query);
    assert.equal('series' in json, query.includes('interval'));
    for (const step of json.series ?? []) assert.equal(step.received, sum(step.results));
    if (json.series) assert.equal(json.series.reduce((total: number, step: any) => total + step.received, 0), sent);
  }
  const { json } = await collector.read('/api/v1/outcomes?site_id=sums&interval=minute');
  assert.match(json.series[0].date, /^\d{4}-\d\d-\d\d \d\d:\d\d:00$/);
  const before = await collector.read('/api/v1/outcomes?site_id=sums&period=day&date=2001-01-01&interval=minute');
  assert.deepEqual(before.json, { results: {}, received: 0, series: [] });
});

test('a parameter that is wrong is named', async () => {
  for (const [query, parameter] of [['interval=second', 'interval'], ['period=fortnight', 'period'], ['date=soon', 'date'], ['colour=red', 'colour']]) {
    const answer = await collector.read(`/api/v1/outcomes?site_id=sums&${query}`);
    assert.deepEqual([answer.status, answer.json.parameter], [400, parameter]);
  }
});

for (const site of ['rows', 'spread']) {
  test(`a batch writes one row, new or repeated: ${site}`, async () => {
    const storage = async () => {
      const { json } = await collector.read(`/api/v1/storage?site_id=${site}`);
      const all = (name: string): number => json.results.reduce((total: number, shard: Record<string, number>) => total + (shard[name] ?? 0), 0);
      return { shards: json.results.length, batches: all('batches'), rows: all('rows_written'), bytes: all('bytes') };
    };
    const send = async (first: number) => {
      for (let n = 1; n <= 20; n++) {
        await collector.send({ site, tab: tab(n), first, events: [pageview(`/${first}`), custom('a', 5)] }, from(n));
      }
    };
    await send(0); // makes the day's table in each shard
    const before = await storage();
    for (const first of [2, 4, 2, 6, 0]) await send(first); // new, new, repeated, new, repeated
    const now = await storage();
    assert.equal(now.shards, sites[site as keyof typeof sites] === sites.spread ? 4 : 1);
    assert.deepEqual([now.batches - before.batches, now.rows - before.rows], [100, 100]);
    assert.ok(now.bytes > 0);
    const outcomes = await collector.outcomes(site);
    assert.deepEqual(outcomes, { accepted: 160, duplicate: 80 });
  });
}

test('counts of days that are packed are those that they were', async () => {
  for (let n = 1; n <= 5; n++) await collector.send({ site: 'packed', tab: tab(n), events: [pageview('/'), custom('')] }, from(n));
  const read = async () => (await collector.read('/api/v1/outcomes?site_id=packed&interval=minute')).json;
  const before = await read();
  assert.equal(before.received, 10);
  await collector.tidy('packed', Date.now() + 100 * 3_600_000);
  assert.deepEqual(await read(), before);
});
