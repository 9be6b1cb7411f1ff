// POST /api/v2/query over HTTP, in the form that Plausible's Stats API v2 documents.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Answer, Filters, Query } from '../../edge-collector/api.d.ts';
import { Collector, adminKey, custom, pageview } from '../support/collector.ts';

let collector: Collector;

before(async () => {
  collector = await Collector.start();
  const google = { referrer: 'https://www.google.com/' };
  const order = { after_ms: 1, order: { id: 'o1', total: { amount_minor: 1999, currency: 'EUR' } } };
  await collector.send({ tab: '0000000000000001', events: [pageview('/', google, -3000), pageview('/list', {}, 1000), custom('Signup', 1000), order] });
  await collector.send({ tab: '0000000000000002', events: [pageview('/list', { props: { plan: 'pro' } }, -2000)] }, { 'cf-connecting-ip': '192.0.2.2' });
  await collector.send({ tab: '0000000000000003', events: [pageview('/', {}, -1000)] }, { 'cf-connecting-ip': '192.0.2.3' });
});
after(() => collector.stop());

const post = (body: unknown, headers: Record<string, string> = { authorization: `Bearer ${adminKey}` }) =>
  collector.request('/api/v2/query', { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

// Seven days: a test may run across midnight.
const question = (more: Partial<Query> | Record<string, unknown>) => ({ site_id: 'shop.example', metrics: ['visitors'], date_range: '7d', ...more });

async function results(more: Partial<Query>): Promise<unknown[][]> {
  const answer = await post(question(more));
  assert.equal(answer.status, 200, answer.text);
  return (answer.json as Answer).results.map((row) => [...row.dimensions, ...row.metrics]);
}

test('an aggregate, in the documented shape', async () => {
  const answer = await post(question({ metrics: ['visitors', 'visits', 'pageviews', 'views_per_visit', 'bounce_rate', 'visit_duration', 'events'] }));
  assert.equal(answer.headers.get('content-type'), 'application/json');
  assert.deepEqual(Object.keys(answer.json), ['results', 'meta', 'query']);
  assert.deepEqual(answer.json.results, [{ dimensions: [], metrics: [3, 3, 4, 1.33, 67, 1, 6] }]);
  assert.deepEqual(answer.json.meta, {});
  assert.equal(answer.json.query.site_id, 'shop.example');
  assert.match(answer.json.query.date_range[0], /^\d{4}-\d\d-\d\dT00:00:00\+00:00$/);
});

test('groups, by what events and visits have', async () => {
  assert.deepEqual(await results({ dimensions: ['visit:source', 'visit:device'] }), [['(Direct / None)', 'Desktop', 2], ['Google', 'Desktop', 1]]);
  assert.deepEqual(await results({ dimensions: ['event:page'], order_by: [['event:page', 'desc']] }), [['/list', 2], ['/', 2]]);
  assert.deepEqual(await results({ dimensions: ['event:hostname'] }), [['shop.example', 3]]);
  assert.deepEqual(await results({ dimensions: ['event:props:plan'], filters: [['is', 'event:name', ['pageview']]] }), [['(none)', 2], ['pro', 1]]);
  assert.deepEqual(await results({ dimensions: ['event:goal'], metrics: ['visitors', 'conversion_rate'] }), [['Signup', 1, 33.3], ['order', 1, 33.3]]);
});

test('what is not among the rows shown, as one row more', async () => {
  const asked = { dimensions: ['event:page'], order_by: [['event:page', 'asc']], pagination: { limit: 1 }, include: { other: true, total_rows: true } };
  const answer = await post(question({ ...asked, metrics: ['visitors', 'pageviews'] }));
  assert.deepEqual(answer.json.results, [{ dimensions: ['/'], metrics: [2, 2] }], answer.text);
  assert.deepEqual(answer.json.meta, { total_rows: 2, other: { metrics: [2, 2] } }, 'who viewed both is among both');
});

test('filters', async () => {
  const visitors = async (...filters: Filters) => (await results({ filters }))[0]?.[0];
  assert.equal(await visitors(['is', 'visit:source', ['Google']]), 1);
  assert.equal(await visitors(['is_not', 'visit:source', ['Google']]), 2);
  assert.equal(await visitors(['contains', 'event:page', ['LIST'], { case_sensitive: false }]), 2);
  assert.equal(await visitors(['matches', 'event:page', ['^/l.{3}$']]), 2);
  assert.equal(await visitors(['or', [['is', 'event:goal', ['Signup']], ['is', 'event:props:plan', ['pro']]]]), 2);
  assert.equal(await visitors(['not', ['is', 'event:page', ['/']]]), 2);
  assert.equal(await visitors(['is', 'event:page', ['/list']], ['has_not_done', ['is', 'event:goal', ['Signup']]]), 1);
});

test('revenue comes with its currency', async () => {
  const [[total]] = (await results({ metrics: ['total_revenue'], filters: [['is', 'event:goal', ['order']]] })) as [[object]];
  assert.deepEqual(total, { value: 19.99, currency: 'EUR', short: '€19.99', long: '€19.99' });
});

test('a comparison with the time before', async () => {
  const answer = await post(question({ include: { comparisons: { mode: 'previous_period' } } }));
  assert.deepEqual(answer.json.results, [{ dimensions: [], metrics: [3], comparison: { dimensions: [], metrics: [0], change: [100] } }]);
});

test("days and hours are those of the site's time zone", async () => {
  const hours = async (day: string) => {
    const answer = await post({ site_id: 'berlin.example', metrics: ['visitors'], date_range: [day, day], dimensions: ['time:hour'], include: { time_labels: true } });
    return [answer.json.meta.time_labels, answer.json.query.date_range];
  };
  const [spring, range] = await hours('2024-03-31');
  assert.equal(spring.length, 23, 'the day on which clocks go forward');
  assert.equal(spring[2], '2024-03-31 03:00:00');
  assert.deepEqual(range, ['2024-03-31T00:00:00+01:00', '2024-03-31T23:59:59+02:00']);
});

test('nothing is answered with nothing: an empty range, one before any data, a site that nobody visited', async () => {
  assert.deepEqual(await results({ date_range: ['2001-01-01', '2001-01-31'] }), [[0]]);
  assert.deepEqual(await results({ date_range: ['2001-01-01', '2001-01-31'], dimensions: ['event:page'] }), []);
  assert.deepEqual(await results({ date_range: ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'], dimensions: ['time:day'] }), []);
  assert.deepEqual(await results({ site_id: 'robots.example', date_range: 'all', metrics: ['visitors', 'bounce_rate'] }), [[0, null]]);
});

test('what is wrong is refused with its place', async () => {
  const refused: [unknown, number, string, string][] = [
    [question({ metrics: ['happiness'] }), 400, 'bad_parameter', 'metrics[0]'],
    [question({ metrics: ['bounce_rate'], dimensions: ['event:page'] }), 400, 'bad_parameter', 'metrics[0]'],
    [question({ date_range: 'fortnight' }), 400, 'bad_parameter', 'date_range'],
    [question({ filters: [['is', 'event:pages', ['/']]] }), 400, 'bad_parameter', 'filters[0][1]'],
    [question({ filters: [['matches', 'event:page', ['(']]] }), 400, 'bad_parameter', 'filters[0][2][0]'],
    [question({ pagination: { limit: 10_001 } }), 400, 'bad_parameter', 'pagination.limit'],
    [question({ site_id: undefined }), 400, 'bad_parameter', 'site_id'],
    ['{', 400, 'bad_parameter', ''],
  ];
  for (const [body, status, name, path] of refused) {
    const answer = await post(body);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
    assert.deepEqual([answer.status, answer.json.type, answer.json.path], [status, `urn:passerby:problem:${name}`, path], answer.text);
  }
  const unknown = await post(question({ metrics: ['happiness'] }));
  assert.deepEqual(unknown.json.allowed.slice(0, 2), ['visitors', 'visits']);
});

test('ten thousand conditions are refused at once', async () => {
  const conditions = (count: number) => Array.from({ length: count }, () => ['is', 'event:page', ['/']]);
  const many = await post(question({ filters: conditions(2_000) }));
  assert.deepEqual([many.status, many.json.path], [400, 'filters']);
  assert.match(many.json.detail, /max_conditions/);
  const more = await post(question({ filters: conditions(10_000) }));
  assert.deepEqual([more.status, more.json.type], [413, 'urn:passerby:problem:too_large']);
});

test('only who has the key may ask, and by POST', async () => {
  assert.equal((await post(question({}), {})).status, 401);
  assert.equal((await collector.read('/api/v2/query')).status, 405);
  assert.equal((await post(question({ site_id: 'nowhere' }))).status, 404);
});

test('the API describes itself to anybody', async () => {
  const answer = await collector.request('/api/openapi.json');
  assert.deepEqual([answer.status, answer.json.openapi], [200, '3.1.0']);
  assert.ok(answer.json.paths['/api/v2/query'].post && answer.json.components.schemas.Query);
});
