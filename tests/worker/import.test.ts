// What was kept elsewhere: it counts on its own day, by what its record says, and once.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Answer, Collector, adminKey, browser, custom, pageview } from '../support/collector.ts';

const names = ['days', 'again', 'tracker', 'packed', 'bots', 'erased', 'wrong'];
let collector: Collector;
before(async () => {
  collector = await Collector.start({ sites: { ...Object.fromEntries(names.map((name) => [name, {}])), month: { retention_days: 30 }, four: { shards: 4 }, hosts: { hosts: ['a.example'] } } });
});
after(() => collector.stop());

const dayMs = 86_400_000;
/** Noon of a day so long ago. */
const noon = (daysAgo: number): number => (Math.floor(Date.now() / dayMs) - daysAgo) * dayMs + dayMs / 2;
const date = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const visitorOf = (number: number): string => `${number}`.padStart(32, '0');

type Said = { number?: number; sentMs: number; events: object[]; request?: object; batch?: object };
const record = ({ number = 1, sentMs, events, request = {}, batch = {} }: Said): object =>
  ({ request: { user_agent: browser, ...request }, batch: { tab: `${number}`.padStart(16, '0'), visitor: visitorOf(number), sent_at_ms: sentMs, events, ...batch } });

const send = (site: string, records: object[]): Promise<Answer> =>
  collector.request(`/api/v1/sites/${site}/import`, { method: 'POST', headers: { authorization: `Bearer ${adminKey}` }, body: JSON.stringify({ records }) });

async function ask(site: string, dimensions: string[], metrics = ['visitors', 'visits', 'events']): Promise<Record<string, number[]>> {
  const question = { site_id: site, date_range: [date(noon(800)), date(noon(0))], metrics, dimensions };
  const { json } = await collector.request('/api/v2/query', { method: 'POST', headers: { authorization: `Bearer ${adminKey}` }, body: JSON.stringify(question) });
  return Object.fromEntries(json.results.map(({ dimensions, metrics }: any) => [dimensions.join(), metrics]));
}

test('what is imported counts on the day on which it happened, with what its request told', async () => {
  const seoul = { country: 'KR', region: 'KR-11', city: 'Seoul' };
  const answer = await send('days', [
    record({ number: 1, sentMs: noon(60), events: [pageview('/', {}, -5000), custom('a', 5000)], request: seoul }),
    record({ number: 2, sentMs: noon(400), events: [pageview('/old')], request: { country: 'AT' } }),
    record({ number: 1, sentMs: noon(1), events: [pageview('/b')], request: seoul, batch: { tab: '00000000000000bb' } }),
  ]);
  assert.deepEqual([answer.status, answer.json], [200, { accepted: 4, duplicate: 0, refused: [] }]);
  assert.deepEqual(await ask('days', ['time:day']), { [date(noon(400))]: [1, 1, 1], [date(noon(60))]: [1, 1, 2], [date(noon(1))]: [1, 1, 1] });
  assert.deepEqual(await ask('days', ['visit:country']), { KR: [1, 2, 3], AT: [1, 1, 1] });
  assert.deepEqual(await ask('days', ['visit:browser', 'visit:city']), { 'Chrome,Seoul': [1, 2, 3], 'Chrome,(not set)': [1, 1, 1] });
});

test('what is sent again, whole, cut or in another order, changes nothing, with one shard and with four', async () => {
  for (const site of ['again', 'four']) {
    const visits = Array.from({ length: 70 }, (_, place) => place + 1).map((number) => record({ number, sentMs: noon(5 + (number % 40)), events: [pageview('/', {}, -9000), custom('a', 4000), custom('b', 5000)] }));
    assert.deepEqual((await send(site, visits)).json, { accepted: 210, duplicate: 0, refused: [] });
    const numbers = await ask(site, ['time:day']);
    assert.deepEqual((await send(site, visits.toReversed())).json, { accepted: 0, duplicate: 210, refused: [] });
    const late = record({ number: 7, sentMs: noon(12) - 4000, events: [custom('a', -1000)], batch: { first: 1 } });
    assert.deepEqual((await send(site, [late])).json, { accepted: 0, duplicate: 1, refused: [] });
    assert.deepEqual(await ask(site, ['time:day']), numbers);
    assert.deepEqual(await collector.outcomes(site), { accepted: 210, duplicate: 211 });
  }
});

test('a visit that is imported in pieces is one, whichever comes first', async () => {
  const pieces = [0, 1, 2].map((first) => record({ number: 99, sentMs: noon(20) + first * 1_200_000, events: [custom('piece')], batch: { first, page: '/' } }));
  for (const piece of [pieces[2]!, pieces[0]!, pieces[1]!]) await send('again', [piece]);
  assert.deepEqual((await ask('again', ['event:name'], ['visits', 'events']))['piece'], [1, 3]);
});

test('an event that a tracker sent is known when it is imported, and the other way round', async () => {
  const own = { site: 'tracker', tab: '00000000000000c1', visitor: visitorOf(5) };
  await collector.send({ ...own, events: [pageview('/'), custom('a')] });
  const answer = await send('tracker', [record({ number: 5, sentMs: Date.now(), events: [pageview('/'), custom('a'), custom('b')], batch: { tab: own.tab } })]);
  assert.deepEqual(answer.json, { accepted: 1, duplicate: 2, refused: [] });
  const again = await collector.send({ ...own, first: 2, events: [custom('b')] });
  assert.deepEqual([again.json.accepted, again.json.duplicate], [0, 1]);
  assert.deepEqual(await ask('tracker', []), { '': [1, 1, 3] });
});

test('a day takes events in for three days after the last that came for it, and then no more', async () => {
  const visit = (number: number, more: object[] = []) => record({ number, sentMs: noon(50), events: [pageview('/'), ...more] });
  assert.equal((await send('packed', [visit(1)])).json.accepted, 1);
  await collector.tidy('packed', Date.now() + 2 * dayMs);
  assert.deepEqual((await send('packed', [visit(1), visit(2)])).json, { accepted: 1, duplicate: 1, refused: [] });
  await collector.tidy('packed', Date.now() + 4 * dayMs);
  const refused = [0, 1].map((record) => ({ record, index: 0, reason: 'too_old' }));
  assert.deepEqual((await send('packed', [visit(2), visit(3)])).json, { accepted: 0, duplicate: 0, refused });
  assert.deepEqual(await ask('packed', ['time:day']), { [date(noon(50))]: [2, 2, 2] });
});

test('what the site does not keep, what has not happened, other hosts and programs are refused by name', async () => {
  const reasons = async (site: string, said: Said[]) => (await send(site, said.map(record))).json.refused.map(({ reason }: any) => reason);
  const events = [pageview('/')];
  assert.deepEqual(await reasons('month', [{ sentMs: noon(31), events }, { sentMs: noon(29), events }]), ['too_old']);
  assert.deepEqual(await reasons('wrong', [{ sentMs: noon(740), events }, { sentMs: noon(-1), events }]), ['too_old', 'in_future']);
  assert.deepEqual(await reasons('hosts', [{ sentMs: noon(9), events: [pageview('/', { host: 'b.example' })] }]), ['host_not_allowed']);
  const request = { user_agent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' };
  assert.deepEqual(await reasons('bots', [{ sentMs: noon(9), events, request }, { number: 2, sentMs: noon(9), events, request: { user_agent: '' } }]), ['bot']);
  assert.deepEqual(await ask('bots', []), { '': [1, 1, 1] });
});

test('who was erased does not come back by an import', async () => {
  const visit = record({ number: 8, sentMs: noon(30), events: [pageview('/'), custom('a')] });
  await send('erased', [visit]);
  const erased = await collector.request(`/api/v1/visitors/${visitorOf(8)}?site_id=erased`, { method: 'DELETE', headers: { authorization: `Bearer ${adminKey}` } });
  assert.ok(erased.status < 300, erased.text);
  assert.equal((await send('erased', [visit])).json.accepted, 0);
  assert.deepEqual((await ask('erased', []))[''], [0, 0, 0]);
});

test('a record that does not say when, whose or which it is is named by its place', async () => {
  const whole = { tab: '00000000000000a1', visitor: visitorOf(1), sent_at_ms: noon(3), events: [pageview('/')] };
  for (const field of ['tab', 'visitor', 'sent_at_ms'] as const) {
    const { [field]: _, ...batch } = whole;
    const answer = await send('wrong', [{ batch: whole }, { batch }]);
    assert.deepEqual([answer.status, answer.json.path], [400, `records[1].batch.${field}`]);
  }
  for (const body of ['', '[]', '{}', '{"records":{}}', '{"records":[{}]}', '{"records":[{"batch":[]}]}', '{"records":[{"batch":{"events":1}}]}', `{"records":[${'{"batch":'.repeat(200)}`]) {
    const answer = await collector.request('/api/v1/sites/wrong/import', { method: 'POST', headers: { authorization: `Bearer ${adminKey}` }, body });
    assert.equal(answer.status, 400, body);
  }
  const many = await send('wrong', Array.from({ length: 1001 }, () => ({ batch: whole })));
  assert.deepEqual([many.status, many.json.path], [400, 'records']);
  assert.deepEqual((await ask('wrong', []))[''], [0, 0, 0]);
});
