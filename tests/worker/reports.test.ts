// POST /api/v1/<report> over HTTP: every report with data, with filters, in the site's time zone, of nothing, and refused.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { Collector, adminKey, custom, pageview, type Answer } from '../support/collector.ts';

let collector: Collector;
const phone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';
const event = (kind: string, fields: object) => ({ after_ms: 10, [kind]: fields });
const euros = (amount_minor: number) => ({ amount_minor, currency: 'EUR' });

// Two visitors, within seconds of each other and of now.
before(async () => {
  collector = await Collector.start();
  const first = [
    pageview('/', { referrer: 'https://www.google.com/' }, -5000),
    event('engagement', { visible_ms: 900, scroll_percent: 40 }),
    event('click', { element: '#buy', text: 'Buy', x_myriad: 5000, y_myriad: 100, flags: 4 }),
    pageview('/cart', {}, 10),
    event('form_start', { form: 'address', field: 'name' }),
    event('form_abandon', { form: 'address', field: 'street' }),
    event('custom', { name: 'Signup', props: { plan: 'pro', seats: 3 } }),
    event('order', { id: 'o1', total: euros(2000), items: [{ product: { id: 'hat', price: euros(1000) }, quantity: 2 }] }),
    event('refund', { order: 'o1', amount: euros(500) }),
    event('vital', { name: 'LCP', value: 1800 }),
  ];
  await collector.send({ tab: '0000000000000001', events: first });
  const second = [
    pageview('/', {}, -3000),
    event('search', { terms: 'Shoes', results: 0 }),
    event('outbound', { url: 'https://elsewhere.example/' }),
    event('script_error', { message: 'boom', source: '/a.js' }),
    event('order', { id: 'o1', total: euros(2000) }),
    pageview('/help', {}, 10),
  ];
  await collector.send({ tab: '0000000000000002', events: second }, { 'cf-connecting-ip': '192.0.2.2', 'user-agent': phone });
  await collector.send({ site: 'berlin.example', tab: '0000000000000003', events: first });
});
after(() => collector.stop());

/** Options without which a report has no question. */
const needed: Record<string, object> = {
  funnel: { steps: [{ page: '/' }, { page: '/cart' }, { event: 'Signup' }] },
  heatmap: { page: '/' },
  goals: { goals: [{ event: 'Signup' }, { page: '/help*' }] },
};
// All that the collector says it has: a report that is not asked about its data below fails the last test.
const openapi = new URL('../../edge-collector/src/openapi.json', import.meta.url);
const { paths } = JSON.parse(readFileSync(openapi, 'utf8')) as { paths: Record<string, object> };
const reports = Object.entries(paths)
  .filter(([path, operations]) => /^\/api\/v1\/(?!sites$|keys$|token$)[a-z]+$/.test(path) && 'post' in operations)
  .map(([path]) => path.slice('/api/v1/'.length));

function post(report: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return collector.request(`/api/v1/${report}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** The reports that were asked about the data. */
const asked = new Set<string>();

// Seven days: a test may run across midnight.
async function ask(report: string, more: object = {}): Promise<any> {
  if (!('site_id' in more || 'date_range' in more || 'filters' in more)) asked.add(report);
  const answer = await post(report, { site_id: 'shop.example', date_range: '7d', ...needed[report], ...more });
  assert.equal(answer.status, 200, `${report}: ${answer.text}`);
  return answer.json.results;
}

const ofGoogle = { filters: [['is', 'visit:source', ['Google']]] };
const steps = (funnel: any) => funnel.steps.map((step: any) => step.count);
const shape = (rows: any[], ...names: string[]) => rows.map((row) => names.map((name) => row[name]));

test('funnel', async () => {
  const funnel = await ask('funnel');
  assert.deepEqual([funnel.entered, funnel.converted, funnel.conversion_rate, ...steps(funnel)], [2, 1, 50, 2, 1, 1]);
  assert.equal(funnel.steps[1].median_ms, 30);
  assert.deepEqual(funnel.steps[0].instead, [{ kind: 'event', name: 'search', count: 1 }]);
  assert.deepEqual(steps(await ask('funnel', ofGoogle)), [1, 1, 1]);
  assert.deepEqual(steps(await ask('funnel', { steps: [{ page: '/' }, { event: 'Signup', props: { plan: ['pro'], seats: 3 } }] })), [2, 1]);
  assert.deepEqual(steps(await ask('funnel', { order: 'strict', by: 'session', window: '30m', steps: [{ page: '/' }, { page: '/help' }] })), [2, 1]);
});

test('journey', async () => {
  const { tree, nodes, links } = await ask('journey', { from: { page: '/' } });
  assert.deepEqual([tree.kind, tree.name, tree.visits], ['start', 'Visit /', 2]);
  assert.deepEqual(shape(tree.children, 'name', 'visits', 'ended'), [['/cart', 1, 1], ['/help', 1, 1]]);
  assert.deepEqual([nodes.length, links.length], [3, 2]);
  const before = await ask('journey', { from: { event: 'order' }, direction: 'before', steps: 'all', depth: 1, ...ofGoogle });
  assert.deepEqual(shape(before.tree.children, 'kind', 'name'), [['event', 'Signup']]);
});

test('retention', async () => {
  for (const by of ['day', 'week', 'month']) {
    const cohorts = await ask('retention', { by });
    assert.equal(cohorts.reduce((sum: number, cohort: any) => sum + cohort.visitors, 0), 2, by);
    assert.equal(cohorts[0].returned[0], cohorts[0].visitors);
  }
  assert.equal((await ask('retention', ofGoogle))[0].visitors, 1);
});

test('heatmap', async () => {
  const map = await ask('heatmap', { columns: 10, rows: 100 });
  assert.deepEqual([map.clicks, map.rage, map.dead], [1, 0, 1]);
  assert.deepEqual(map.devices, [{ device: 'Desktop', clicks: 1, rage: 0, dead: 1, cells: [{ x: 5, y: 1, fixed: false, clicks: 1, rage: 0, dead: 1 }], elements: [{ element: '#buy', left: 5000, right: 5000, top: 100, bottom: 100 }] }]);
  assert.deepEqual(shape(map.elements.rows, 'element', 'text', 'visitors'), [['#buy', 'Buy', 1]]);
  assert.equal((await ask('heatmap', { page: '/cart' })).clicks, 0);
});

test('scroll', async () => {
  const { rows } = await ask('scroll');
  assert.deepEqual(shape(rows, 'page', 'visits', 'scroll_depth'), [['/', 2, 20], ['/cart', 1, 0], ['/help', 1, 0]]);
  assert.deepEqual(rows[0].reached[7], { percent: 40, visits: 1, share: 50 });
});

test('exits', async () => {
  const { rows, total } = await ask('exits', { limit: 2 });
  assert.deepEqual(shape(rows, 'page', 'exits', 'exit_rate'), [['/cart', 1, 100], ['/help', 1, 100]]);
  assert.equal(total, 3);
});

test('forms', async () => {
  const { rows } = await ask('forms');
  assert.deepEqual(shape(rows, 'form', 'starts', 'submits', 'abandons', 'completion_rate'), [['address', 1, 0, 1, 0]]);
  assert.deepEqual(rows[0].last_fields, [{ field: 'street', abandons: 1, share: 100 }]);
});

test('properties', async () => {
  assert.deepEqual(shape((await ask('properties')).rows, 'value', 'events'), [['plan', 1], ['seats', 1]]);
  const seats = await ask('properties', { event: 'Signup', key: 'seats' });
  assert.deepEqual([seats.rows[0].value, seats.numeric.sum, seats.visitors], ['3', 3, 1]);
});

test('search, links, vitals, errors', async () => {
  assert.deepEqual((await ask('search')).rows, [{ terms: 'shoes', searches: 1, visitors: 1, without_results: 1 }]);
  assert.deepEqual((await ask('links')).rows, [{ kind: 'outbound', url: 'https://elsewhere.example/', clicks: 1, visitors: 1 }]);
  assert.deepEqual((await ask('links', { kind: 'download' })).rows, []);
  assert.deepEqual(shape((await ask('vitals'))[0].vitals, 'name', 'p75', 'rating'), [['LCP', 1800, 'good']]);
  assert.deepEqual(shape(await ask('vitals', { by: 'visit:device' }), 'group', 'samples'), [['Desktop', 1]]);
  assert.deepEqual(shape((await ask('errors')).rows, 'message', 'source', 'events', 'pages'), [['boom', '/a.js', 1, ['/']]]);
});

test('events, and one visitor by the handle', async () => {
  const all = await ask('events');
  assert.equal(all.length, 16);
  assert.deepEqual([...all].map((row: any) => row.at_ms).sort((a, b) => b - a), all.map((row: any) => row.at_ms), 'newest first');
  const signup = all.find((row: any) => row.name === 'Signup');
  assert.deepEqual(signup.details, { plan: 'pro', seats: '3' });
  assert.match(signup.visitor, /^[0-9a-f]{16}$/);
  const timeline = await ask('events', { visitor: signup.visitor });
  assert.equal(timeline.length, 10);
  assert.deepEqual(await ask('events', { visitor: '0000000000000000' }), []);
  assert.deepEqual(shape(await ask('events', { limit: 1, filters: [['is', 'event:page', ['/help']]] }), 'kind', 'page'), [['pageview', '/help']]);
});

test('revenue: an order id counts once, a refund is subtracted', async () => {
  const revenue = await ask('revenue', { by: 'visit:source' });
  assert.equal(revenue.visitors, 2);
  const numbers = ['currency', 'revenue_minor', 'orders', 'buyers', 'average_order_minor', 'conversion_rate', 'revenue_per_visitor_minor'];
  assert.deepEqual(shape(revenue.currencies, ...numbers), [['EUR', 1500, 1, 1, 2000, 50, 750]]);
  assert.deepEqual(shape(revenue.rows, 'group', 'visitors'), [['Google', 1]]);
  const products = await ask('revenue', { by: 'product' });
  assert.deepEqual([products.rows[0].group, products.rows[0].currencies[0].quantity], ['hat', 2]);
  assert.equal((await ask('revenue', { by: 'event:page' })).rows[0].group, '/cart');
});

test('goals', async () => {
  const { visitors, goals } = await ask('goals');
  assert.equal(visitors, 2);
  assert.deepEqual(shape(goals, 'goal', 'visitors', 'events', 'conversion_rate'), [['Signup', 1, 1, 50], ['Visit /help*', 1, 1, 50]]);
  assert.equal((await ask('goals', ofGoogle)).goals[0].conversion_rate, 100);
});

test("days are those of the site's time zone", async () => {
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' });
  const sent = (await ask('events', { site_id: 'berlin.example' }))[0];
  assert.equal(sent.at.slice(0, 10), today.format(sent.at_ms));
  const date = today.format(sent.at_ms);
  const cohorts = await ask('retention', { site_id: 'berlin.example', date_range: [date, date] });
  assert.deepEqual(shape(cohorts, 'date', 'visitors'), [[date, 1]]);
});

test('a filter narrows every report', async () => {
  const others = { filters: [['is_not', 'visit:source', ['Google']]] };
  for (const report of reports) {
    const [ofSome, ofOthers] = [await ask(report, ofGoogle), await ask(report, others)];
    const all = await ask(report, { date_range: '7d' });
    assert.ok(!isDeepStrictEqual(all, ofSome) || !isDeepStrictEqual(all, ofOthers), report);
  }
});

/** Whether an answer says that there was nothing. */
const nothing = (value: any): boolean => {
  if (Array.isArray(value)) return value.every((item) => typeof item === 'object' ? nothing(item) : true);
  if (value === null || typeof value !== 'object') return value === null || value === 0 || typeof value === 'string' || value === false;
  return Object.entries(value).every(([name, item]) => ['columns', 'rows', 'depth', 'percent'].includes(name) && typeof item === 'number' ? true : nothing(item));
};

const day = (text: string, days: number) => new Date(Date.parse(text) + days * 86_400_000).toISOString().slice(0, 10);

test("every report's days are those of the site's clocks", async () => {
  const site = { site_id: 'berlin.example' };
  const last = (await ask('events', site))[0].at.slice(0, 10);
  for (const report of reports) {
    assert.deepEqual(await ask(report, { ...site, date_range: [last, last] }), await ask(report, { ...site, date_range: '7d' }), report);
    for (const other of [day(last, -1), day(last, 1)]) {
      const results = await ask(report, { ...site, date_range: [other, other] });
      assert.ok(nothing(results), `${report}: ${JSON.stringify(results)}`);
    }
  }
});

test('every report answers with nothing of a site without visits, before any data, and of what no filter takes', async () => {
  for (const report of reports) {
    const of = { site_id: 'robots.example' };
    const long_ago = { date_range: ['2001-01-01', '2001-01-31'] };
    const nobody = { filters: [['is', 'visit:source', ['Nowhere']]] };
    for (const more of [of, long_ago, nobody]) {
      const results = await ask(report, more);
      assert.ok(nothing(results), `${report}: ${JSON.stringify(results)}`);
    }
  }
});

test('what is wrong is named by its path', async () => {
  const refused = async (report: string, more: object, path: string) => {
    const answer = await post(report, { site_id: 'shop.example', date_range: '7d', ...needed[report], ...more });
    assert.equal(answer.status, 400, `${report} ${JSON.stringify(more)}: ${answer.text}`);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
    assert.deepEqual([answer.json.type, answer.json.path], ['urn:passerby:problem:bad_parameter', path]);
  };
  for (const report of reports) {
    await refused(report, { nonsense: 1 }, 'nonsense');
    await refused(report, { date_range: 'yesterweek' }, 'date_range');
    await refused(report, { filters: [['is', 'visit:shoe_size', ['42']]] }, 'filters[0][1]');
  }
  await refused('funnel', { steps: [{ page: '/' }] }, 'steps');
  await refused('funnel', { steps: [{ page: '/' }, { page: 7 }] }, 'steps[1].page');
  await refused('funnel', { steps: [{ page: '/' }, {}] }, 'steps[1]');
  await refused('funnel', { window: 'soon' }, 'window');
  await refused('funnel', { order: 'any' }, 'order');
  await refused('journey', { depth: 11 }, 'depth');
  await refused('retention', { by: 'hour' }, 'by');
  await refused('retention', { date_range: ['2020-01-01', '2024-01-01'] }, 'date_range');
  await refused('heatmap', { page: undefined }, 'page');
  await refused('heatmap', { columns: 101 }, 'columns');
  await refused('goals', { goals: [] }, 'goals');
  await refused('events', { visitor: 'anna' }, 'visitor');
  await refused('revenue', { by: 'visit:mood' }, 'by');
  await refused('exits', { limit: 0 }, 'limit');
});

test('goals and segments of the settings are known by name to every report', async () => {
  const sites = {
    'shop.example': {
      goals: { 'Pro plan': { event: 'Signup', props: { plan: 'pro' } } },
      segments: { Subscribers: [['has_done', ['is', 'event:goal', ['Signup']]]], Wrong: [['is', 'visit:mood', ['glad']]] },
    },
  };
  const other = await Collector.start({ sites });
  try {
    await other.send({ tab: '0000000000000001', events: [pageview('/', {}, -5), event('custom', { name: 'Signup', props: { plan: 'pro' } })] });
    await other.send({ tab: '0000000000000002', events: [pageview('/', {}, -5)] }, { 'cf-connecting-ip': '192.0.2.2' });
    const put = (path: string, body: object) =>
      other.request(path, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminKey}` },
        body: JSON.stringify({ site_id: 'shop.example', date_range: '7d', ...body }),
      });
    const of = (name: string) => ({ filters: [['is', 'segment', [name]]] });
    const goals = await put('/api/v1/goals', of('Subscribers'));
    assert.deepEqual(shape(goals.json.results.goals, 'goal', 'visitors', 'conversion_rate'), [['Pro plan', 1, 100]], goals.text);
    const query = await put('/api/v2/query', { metrics: ['visitors'], dimensions: ['event:goal'] });
    assert.deepEqual(query.json.results, [{ dimensions: ['Pro plan'], metrics: [1] }]);
    for (const report of reports) {
      assert.equal((await put(`/api/v1/${report}`, { ...needed[report], ...of('Subscribers') })).status, 200, report);
      assert.equal((await put(`/api/v1/${report}`, { ...needed[report], ...of('Wrong') })).json.path, 'filters[0][2][0]', report);
    }
  } finally {
    await other.stop();
  }
});

test('who may ask, and how', async () => {
  assert.equal((await post('exits', '{')).status, 400);
  assert.equal((await post('exits', { date_range: '7d' })).json.path, 'site_id');
  assert.equal((await post('exits', { site_id: 'unknown.example', date_range: '7d' })).status, 404);
  assert.equal((await post('exits', {}, { authorization: 'Bearer wrong' })).status, 401);
  assert.equal((await collector.read('/api/v1/exits')).status, 405);
  assert.equal((await post('exits', ' '.repeat(70_000))).status, 413);
  assert.equal((await post('nothing', {})).status, 404);
});

test('every report was asked about its data above', () => {
  assert.deepEqual([...asked].sort(), [...reports].sort());
});
