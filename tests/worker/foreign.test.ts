// What other analytics' clients send: which site it is for, whom it is believed, and that it counts once.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { type Answer, Collector, browser } from '../support/collector.ts';

const key = 'pk_server';
const hashed = createHash('sha256').update(key).digest('hex');

// Each test has a site of its own, so that they need no order.
const names = ['plausible', 'umami', 'posthog', 'segment', 'ga4', 'retry', 'path', 'packed', 'mixed', 'believed', 'bots', 'late', 'many', 'suite'];
let collector: Collector;
before(async () => {
  const sites = Object.fromEntries(names.map((name) => [name, { aliases: [`alias-${name}`], server_keys: name === 'believed' ? [hashed] : [] }]));
  collector = await Collector.start({ sites: { ...sites, many: { ...sites['many'], shards: 4 }, hosts: { hosts: ['*.hosts.example'] } } });
});
after(() => collector.stop());

type Headers = Record<string, string>;
const post = (url: string, body: unknown, headers: Headers = {}): Promise<Answer> =>
  collector.request(url, { method: 'POST', body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body), headers });
const totals = (site: string) => collector.aggregate('visitors,pageviews,events', '', site);
const basic = (writeKey: string) => ({ authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}` });
const elsewhere = { 'cf-connecting-ip': '198.51.100.9', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0' };
/** Properties of PostHog's for a server that names its users. */
const captured = (event: string, uuid: string, more: object = {}) => ({ event, uuid, distinct_id: 'user-1', timestamp: new Date().toISOString(), properties: {}, ...more });

test('Plausible: a page view and a custom event by one visitor of the day, answered as its trackers expect', async () => {
  const view = await post('/api/event', { n: 'pageview', u: 'https://plausible/a?utm_source=x', d: 'plausible' }, { 'content-type': 'text/plain' });
  assert.deepEqual([view.status, view.text, view.headers.get('access-control-allow-origin')], [202, 'ok', '*']);
  await post('/api/event', { name: 'Purchase', url: 'https://plausible/a', domain: 'alias-plausible', revenue: { amount: 12.5, currency: 'EUR' } });
  assert.deepEqual(await totals('plausible'), { visitors: 1, pageviews: 1, events: 2 });
  const wrong = await post('/api/event', { n: 'pageview', d: 'plausible' });
  assert.deepEqual([wrong.status, wrong.json], [400, { errors: { event: ['missing_field'] } }]);
  assert.equal((await collector.outcomes('plausible'))['refused:missing_field'], 1);
});

test('Umami: what is given as cache keeps the visitor when the address changes', async () => {
  const send = (headers: Headers) => post('/api/send', { type: 'event', payload: { website: 'alias-umami', url: '/a' } }, headers);
  const first = await send({});
  assert.equal(first.status, 200);
  assert.match(first.json.cache, /^[0-9a-f]{32}$/);
  const second = await send({ ...elsewhere, 'x-umami-cache': first.json.cache });
  assert.equal(second.json.cache, first.json.cache);
  assert.deepEqual(await totals('umami'), { visitors: 1, pageviews: 2, events: 2 });
  const batch = await post('/api/batch', [{ type: 'event', payload: { website: 'alias-umami', name: 'a' } }, { type: 'nothing', payload: {} }]);
  assert.deepEqual([batch.status, batch.json.size, batch.json.processed, batch.json.errors, batch.json.details[0].index], [200, 2, 1, 1, 1]);
});

test('PostHog: every path and every packing is taken in, and an event counts once over all of them', async () => {
  const body = { api_key: 'alias-posthog', batch: [captured('$pageview', 'u1', { properties: { $current_url: 'https://posthog/a' } }), captured('paid', 'u2')] };
  const plain = JSON.stringify(body);
  const coded = Buffer.from(plain).toString('base64');
  const sent = [
    await post('/batch/', plain),
    await post('/batch', gzipSync(plain), { 'content-encoding': 'gzip' }),
    await post('/e/?compression=gzip-js', gzipSync(plain), { 'content-type': 'text/plain' }),
    await post('/i/v0/e/', deflateSync(plain)),
    await post('/capture/', `data=${encodeURIComponent(coded)}`, { 'content-type': 'application/x-www-form-urlencoded' }),
    await post('/e', plain),
    await post('/e', gzipSync(plain)),
    await post('/batch/', plain, elsewhere),
  ];
  for (const answer of sent) assert.deepEqual([answer.status, answer.text], [200, '{"status":"Ok"}']);
  assert.deepEqual(await totals('posthog'), { visitors: 1, pageviews: 1, events: 2 });
  assert.deepEqual(await collector.outcomes('posthog'), { accepted: 2, duplicate: 14 });
});

test('PostHog: what the browser client asks before it works is answered', async () => {
  const flags = await post('/flags/?v=2', { token: 'x' });
  assert.deepEqual([flags.status, flags.json.featureFlags, flags.json.errorsWhileComputingFlags], [200, {}, false]);
  const config = await collector.request('/array/alias-posthog/config');
  assert.deepEqual([config.status, config.json.supportedCompression], [200, ['gzip', 'gzip-js']]);
  const preflight = await collector.request('/i/v0/e/', { method: 'OPTIONS', headers: { origin: 'https://shop.example' } });
  assert.deepEqual([preflight.status, preflight.headers.get('access-control-allow-origin')], [204, '*']);
});

test('Segment: batch and single calls count an event by its messageId once, in whatever batch it comes again', async () => {
  const call = (messageId: string, more: object) => ({ messageId, userId: 'u', timestamp: new Date().toISOString(), ...more });
  const order = call('m2', { type: 'track', event: 'Order Completed', properties: { order_id: 'o1', total: 10, currency: 'EUR' } });
  const page = call('m1', { type: 'page', properties: { url: 'https://segment/a' } });
  const batches = [[page, order], [order], [call('m3', { type: 'identify', traits: { plan: 'pro' } }), page]];
  for (const batch of batches) {
    const answer = await post('/v1/batch', { batch, sentAt: new Date().toISOString() }, basic('alias-segment'));
    assert.deepEqual([answer.status, answer.text], [200, '{"success":true}']);
  }
  await post('/v1/track', order, basic('alias-segment'));
  await post('/v1/track', { ...order, writeKey: 'alias-segment' });
  assert.deepEqual(await totals('segment'), { visitors: 1, pageviews: 1, events: 3 });
  const unknown = await post('/v1/batch', { batch: [order] }, basic('wrong'));
  assert.deepEqual([unknown.status, unknown.json.type], [404, 'urn:passerby:problem:unknown_site']);
});

test('GA4: events are counted without an answer, and only validated by the validation server', async () => {
  const query = '?measurement_id=alias-ga4&api_secret=s';
  const body = { client_id: 'c.1', timestamp_micros: Date.now() * 1000, events: [{ name: 'page_view', params: { page_location: 'https://ga4/' } }, { name: 'won' }] };
  for (let i = 0; i < 2; i++) {
    const answer = await post(`/mp/collect${query}`, body, { 'user-agent': 'curl/8.5.0' });
    assert.deepEqual([answer.status, answer.text], [204, '']);
  }
  const validated = await post(`/debug/mp/collect${query}`, { client_id: 'c.1', events: [{ name: '_bad' }] });
  assert.deepEqual([validated.status, validated.json.validationMessages[0].validationCode], [200, 'NAME_INVALID']);
  assert.deepEqual(await totals('ga4'), { visitors: 1, pageviews: 1, events: 2 });
});

test('our own batches at /e are what they were, and refused by our own names', async () => {
  const ours = await collector.send({ site: 'path', events: [{ pageview: { path: '/' } }] });
  assert.deepEqual([ours.status, ours.json.accepted], [200, 1]);
  const wrong = await post('/e', '{"site":"path","colour":1}');
  assert.deepEqual([wrong.status, wrong.json.type], [400, 'urn:passerby:problem:undecodable']);
});

test('one bad event costs no other, and each refusal is told by its place and counted', async () => {
  const old = new Date(Date.now() - 100 * 3_600_000).toISOString();
  const batch = [captured('a', 'u1'), 5, captured('b', 'u2', { timestamp: old }), { event: 'nobody' }, captured('c', 'u3')];
  const text = JSON.stringify({ api_key: 'alias-mixed', batch, sent_at: new Date().toISOString() });
  const answer = await post('/batch/', text.replace('"u3"', '"u3","n":1e999').replace(']', `,${JSON.stringify(captured('d', 'u4'))}]`));
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json.refused, [
    { index: 1, reason: 'malformed' }, { index: 2, reason: 'too_old' }, { index: 3, reason: 'missing_field' }, { index: 4, reason: 'malformed' },
  ]);
  assert.deepEqual(await collector.outcomes('mixed'), { accepted: 2, 'refused:malformed': 2, 'refused:missing_field': 1, 'refused:too_old': 1 });
  const { results } = (await collector.read('/api/v1/rejects?site_id=mixed')).json;
  const told = results.map(({ reason, event }: { reason: string; event: string }) => [reason, event]).sort();
  assert.deepEqual(told.map(([reason]: string[]) => reason), ['malformed', 'malformed', 'missing_field', 'too_old']);
  assert.match(told[3][1], /"custom":\{"name":"b"/);
});

test('only pages of the site\'s own hosts count, whatever the event', async () => {
  const url = (host: string) => ({ $current_url: `https://${host}/` });
  const batch = [captured('$pageview', 'u1', { properties: url('evil.example') }), captured('x', 'u2', { properties: url('evil.example') }), captured('x', 'u3', { properties: url('a.hosts.example') })];
  const answer = await post('/batch/', { api_key: 'hosts', batch });
  assert.deepEqual(answer.json.refused.map((refusal: { reason: string }) => refusal.reason), ['host_not_allowed', 'host_not_allowed']);
  assert.equal((await totals('hosts')).events, 1);
});

test('an address, a user agent and a time in a body count only with a server key', async () => {
  const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';
  const twoDaysAgo = Date.now() - 48 * 3_600_000;
  const said = { website: 'believed', url: '/', timestamp: Math.floor(twoDaysAgo / 1000), userAgent: phone };
  const send = (ip: string, headers: Headers = {}) => post('/api/send', { type: 'event', payload: { ...said, ip } }, headers);
  const today = new Date().toISOString().slice(0, 10);
  const seen = async () => {
    const devices = await collector.read('/api/v1/stats/breakdown?site_id=believed&period=7d&property=visit:device');
    const now = await collector.read(`/api/v1/stats/aggregate?site_id=believed&period=day&date=${today}&metrics=pageviews`);
    const { visitors } = await totals('believed');
    return { devices: devices.json.results.map((row: { device: string }) => row.device).sort(), now: now.json.results.pageviews.value, visitors };
  };
  for (const headers of [{}, { authorization: 'Bearer wrong' }]) for (const ip of ['203.0.113.1', '203.0.113.2']) await send(ip, headers);
  assert.deepEqual(await seen(), { devices: ['Desktop'], now: 4, visitors: 1 });
  for (const ip of ['203.0.113.1', '203.0.113.2']) await send(ip, { authorization: `Bearer ${key}` });
  assert.deepEqual(await seen(), { devices: ['Desktop', 'Mobile'], now: 4, visitors: 3 });
  const asKey = await post('/v1/batch', { batch: [{ type: 'track', userId: 'u', event: 'x', messageId: 'k1', timestamp: new Date(twoDaysAgo).toISOString() }] }, basic(key));
  assert.equal(asKey.status, 200, 'a server key names its site');
  assert.equal((await collector.aggregate('events', `&filters=${encodeURIComponent('event:name==x')}`, 'believed')).events, 1);
  assert.equal((await seen()).now, 4);
});

test('programs are refused as ever, but a library on a server speaks for visitors', async () => {
  const batch = { api_key: 'bots', batch: [captured('x', 'u1')] };
  const crawler = await post('/batch/', batch, { 'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' });
  assert.deepEqual(crawler.json.refused, [{ index: 0, reason: 'bot' }]);
  const library = await post('/batch/', batch, { 'user-agent': 'posthog-python/7.91.1' });
  assert.equal(library.json.refused, undefined);
  const page = await post('/api/event', { n: 'pageview', u: 'https://bots/', d: 'bots' }, { 'user-agent': 'curl/8.5.0' });
  assert.deepEqual([page.status, page.headers.get('x-plausible-dropped')], [202, '1']);
  assert.deepEqual(await collector.outcomes('bots'), { accepted: 1, 'refused:bot': 2 });
});

test('times of a sender who is not believed keep their distance to the sending, whatever its clock', async () => {
  const at = (ms: number) => new Date(Date.now() - 86_400_000 * 300 + ms).toISOString();
  const batch = [captured('a', 'u1', { timestamp: at(-60_000) }), captured('b', 'u2', { timestamp: at(-1000) })];
  const answer = await post('/batch/', { api_key: 'late', batch, sent_at: at(0) });
  assert.equal(answer.json.refused, undefined);
  const { visit_duration } = await collector.aggregate('visit_duration', '', 'late');
  assert.equal(visit_duration, 59);
});

test('a batch of many visitors reaches each one\'s shard, and counts once however it is cut', async () => {
  const events = Array.from({ length: 200 }, (_, n) => captured('x', `uuid-${n}`, { distinct_id: `user-${n % 50}` }));
  const send = (batch: object[]) => post('/batch/', { api_key: 'many', batch });
  await Promise.all([send(events.slice(0, 120)), send(events.slice(80)), send([...events].reverse())]);
  assert.deepEqual(await totals('many'), { visitors: 50, pageviews: 0, events: 200 });
  assert.deepEqual(await collector.outcomes('many'), { accepted: 200, duplicate: 240 });
});

test('a bomb is refused by the limit\'s name, and so are damaged and large bodies', async () => {
  const bomb = await post('/batch/', gzipSync(Buffer.alloc(64 * 1024 * 1024)));
  assert.deepEqual([bomb.status, bomb.json.limit.name], [413, 'max_inflated_bytes']);
  const large = await post('/batch/', 'x'.repeat(1024 * 1024 + 1));
  assert.deepEqual([large.status, large.json.limit.name], [413, 'max_body_bytes']);
  const cut = await post('/batch/', gzipSync('{"api_key":"packed"}').subarray(0, 20));
  assert.deepEqual([cut.status, cut.json.type], [400, 'urn:passerby:problem:undecodable']);
  for (const method of ['GET', 'PUT']) assert.equal((await collector.request('/batch/', { method })).status, 405);
});

test('strings that break other programs are stored and told as they were sent', async () => {
  const strings = ['\u0000', '__proto__', 'constructor', '<script>alert(1)</script>', "'; DROP TABLE session;--", '𝒳😀', 'a\u202eb', '=1+1', '%s%n', '${7*7}'];
  const batch = strings.map((text, n) => captured(`hostile ${n}`, `h${n}`, { properties: { text, [`key ${text}`]: 1 } }));
  const answer = await post('/batch/', { api_key: 'suite', batch });
  assert.deepEqual([answer.status, answer.json.refused], [200, undefined]);
  const rows = await collector.read('/api/v1/stats/breakdown?site_id=suite&period=7d&property=event:props:text&limit=100');
  const told = rows.json.results.map((row: Record<string, unknown>) => row['props:text']);
  for (const text of strings) assert.ok(told.includes(text), JSON.stringify(text));
});
