// The demo shop's days, imported and played, against the collector: what it counts is what happened.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Visitor, dayMs, visitsOf } from '../../scripts/demo/days.ts';
import { type Clock, play, stepsUntil } from '../../scripts/demo/live.ts';
import { importPast } from '../../scripts/demo/past.ts';
import { Collector, adminKey } from '../support/collector.ts';

const days = 3;
let collector: Collector;
before(async () => {
  collector = await Collector.start({ sites: { demo: { count_bots: true }, played: { count_bots: true }, broken: { count_bots: true } } });
});
after(() => collector.stop());

const of = (site: string) => ({ url: collector.url, key: adminKey, site });

/** What happened in so many days until then, the last not over, by the shop's own word. */
function truth(nowMs: number, length = days): { visitors: number; pageviews: number; events: number; orders: number; revenue: number; koreans: number } {
  const today = Math.floor(nowMs / dayMs);
  const visits = Array.from({ length }, (_, ago) => visitsOf(today - ago)).flat();
  const seen = visits.map((visit) => ({ ...visit, steps: visit.steps.slice(0, stepsUntil(visit, nowMs)) })).filter(({ steps }) => steps.length > 0);
  const events = seen.flatMap(({ steps }) => steps.map(({ event }) => event));
  const orders = events.flatMap(({ order }) => (order === undefined ? [] : [order as { total: { amount_minor: number } }]));
  const distinct = (visits: Visitor[]) => new Set(visits.map(({ person }) => person.visitor)).size;
  return {
    visitors: distinct(seen),
    pageviews: events.filter((event) => 'pageview' in event).length,
    events: events.length,
    orders: orders.length,
    revenue: orders.reduce((sum, { total }) => sum + total.amount_minor, 0) / 100,
    koreans: distinct(seen.filter(({ person }) => person.home.country === 'KR')),
  };
}

async function counted(site: string): Promise<ReturnType<typeof truth>> {
  const ask = async (metrics: string[], filters: unknown[] = []): Promise<any[]> => {
    const question = { site_id: site, date_range: '7d', metrics, filters };
    const answer = await collector.request('/api/v2/query', { method: 'POST', headers: { authorization: `Bearer ${adminKey}` }, body: JSON.stringify(question) });
    assert.equal(answer.status, 200, answer.text);
    return answer.json.results[0].metrics;
  };
  const [visitors, pageviews, events] = await ask(['visitors', 'pageviews', 'events']);
  const [orders, revenue] = await ask(['events', 'total_revenue'], [['is', 'event:goal', ['order']]]);
  const [koreans] = await ask(['visitors'], [['is', 'visit:country', ['KR']]]);
  return { visitors, pageviews, events, orders, revenue: revenue.value, koreans };
}

test('the days that are imported are those that happened, and a second start changes nothing', async () => {
  const nowMs = Date.now();
  await importPast(of('demo'), days, nowMs);
  const numbers = await counted('demo');
  assert.deepEqual(numbers, truth(nowMs));
  assert.ok(numbers.orders > 5 && numbers.koreans > 50, 'the days are not empty');
  const outcomes = await collector.outcomes('demo');
  await importPast(of('demo'), days, nowMs);
  assert.deepEqual(await counted('demo'), numbers);
  assert.deepEqual(await collector.outcomes('demo'), outcomes, 'nothing is sent that is there');
});

test('an import that broke off goes on with the next start', async () => {
  const nowMs = Date.now();
  let there = 0;
  const breaksOff = () => {
    if (++there === 2) throw new Error('broken off');
  };
  await assert.rejects(importPast(of('broken'), days, nowMs, breaksOff), /broken off/);
  assert.notDeepEqual(await counted('broken'), truth(nowMs));
  await importPast(of('broken'), days, nowMs);
  assert.deepEqual(await counted('broken'), truth(nowMs));
});

test('visits that are under way are played to their end, and what was played is known when it is imported', async () => {
  const nowMs = Date.now();
  // As if the demo had been started an hour ago: the clock goes as fast as it is waited for, up to now.
  const startMs = nowMs - 3_600_000;
  await importPast(of('played'), days, startMs);
  let [ms, waited] = [startMs, 0];
  const clock: Clock = { now: () => ms, until: async (until) => { ms = Math.max(ms, until); waited++; } };
  const today = Math.floor(startMs / dayMs);
  const isPlayed = (visit: Visitor) => stepsUntil(visit, startMs) < visit.steps.length && stepsUntil(visit, nowMs) === visit.steps.length;
  const underWay = [...visitsOf(today - 1), ...visitsOf(today)].filter(isPlayed);
  for (const visit of underWay) {
    ms = startMs;
    await play(of('played'), visit, stepsUntil(visit, startMs), clock);
  }
  assert.ok(underWay.length > 0 && waited >= underWay.length);
  const { accepted } = await collector.outcomes('played');
  assert.equal(accepted, truth(startMs).events + underWay.reduce((sum, visit) => sum + visit.steps.length - stepsUntil(visit, startMs), 0));
  await importPast(of('played'), days, nowMs);
  // A midnight may have passed: then what was imported first has a day that is too old for the second import.
  assert.deepEqual(await counted('played'), truth(nowMs, days + Math.floor(nowMs / dayMs) - today));
});
