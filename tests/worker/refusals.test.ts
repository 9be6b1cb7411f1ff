// Every refusal of a whole request: its status, its name, what it tells, and that it is counted.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { type Answer, Collector, adminKey, pageview, root, aMoment } from '../support/collector.ts';

let collector: Collector;
before(async () => {
  collector = await Collector.start();
});
after(() => collector.stop());

const aggregate = '/api/v1/stats/aggregate?site_id=shop.example';
const authorised = { authorization: `Bearer ${adminKey}` };
const json = (batch: object) => JSON.stringify({ site: 'shop.example', tab: '00000000000000a1', events: [], ...batch });
const events = (count: number) => json({ events: Array.from({ length: count }, () => pageview('/')) });

const withKey = (url: string, key: string) => collector.request(url, { headers: { authorization: `Bearer ${key}` } });
const change = (url: string, body: object) => collector.request(url, { method: 'POST', headers: authorised, body: JSON.stringify(body) });
const make = (site_id: string) => change('/api/v1/sites', { site_id });
const keyOf = async (kind: string): Promise<string> => (await change('/api/v1/sites/shop.example/keys', { kind, name: 'a test' })).json.key;

/** The last of a row of questions with a key, one after another in the Worker, however they get there. */
async function untilLimited(key: string): Promise<Answer> {
  for (;;) {
    const answers = await Promise.all(Array.from({ length: 100 }, () => withKey('/api/v1/sites/shop.example', key)));
    const limited = answers.filter(({ status }) => status === 429);
    if (limited.length > 0) return limited[0]!;
  }
}

type Case = { name: string; status: number; send: () => Promise<Answer>; says?: RegExp; headers?: Record<string, string> };

const cases: Case[] = [
  { name: 'undecodable', status: 400, send: () => collector.post('{"site": 1}'), says: /site|string/ },
  { name: 'undecodable', status: 400, send: () => collector.post(''), says: /EOF/ },
  { name: 'undecodable', status: 400, send: () => collector.post(Uint8Array.of(1, 2, 3)), says: /cut short or damaged/ },
  { name: 'undecodable', status: 400, send: () => collector.post(Uint8Array.of(2, 0, 0)), says: /version 2 is not supported/ },
  { name: 'undecodable', status: 400, send: () => collector.post('{"site": "shop.example", "events": []}'), says: /tab: missing/ },
  { name: 'undecodable', status: 400, send: () => collector.post(json({ colour: 'red' })), says: /unknown field `colour`/ },
  { name: 'limit_broken', status: 400, send: () => collector.post(events(1001)), says: /max_events: 1001 is over the limit of 1000/ },
  { name: 'bad_parameter', status: 400, send: () => collector.read(`${aggregate}&period=fortnight`), says: /period/ },
  { name: 'unauthorized', status: 401, send: () => collector.request(aggregate), headers: { 'www-authenticate': 'Bearer' } },
  { name: 'unauthorized', status: 401, send: () => collector.request(aggregate, { headers: { authorization: 'Bearer wrong' } }) },
  { name: 'unauthorized', status: 401, send: () => collector.request('/api/v1/outcomes') },
  { name: 'foreign_origin', status: 403, send: () => collector.request('/api/v1/live?site_id=shop.example', { headers: { ...authorised, origin: 'https://elsewhere.example' } }), says: /elsewhere/ },
  { name: 'upgrade_required', status: 426, send: () => collector.read('/api/v1/live?site_id=shop.example'), says: /Upgrade: websocket/ },
  { name: 'forbidden', status: 403, send: async () => withKey('/api/v1/rejects?site_id=shop.example', await keyOf('share')), says: /may do more/ },
  { name: 'conflict', status: 409, send: async () => (await make('twice.example'), make('twice.example')), says: /there is a site twice.example already/ },
  { name: 'of_variable', status: 409, send: () => make('shop.example'), says: /SITES variable/ },
  { name: 'limited', status: 429, send: async () => untilLimited(await keyOf('read')), says: /600 requests in 10 s/, headers: { 'retry-after': '1' } },
  { name: 'unknown_site', status: 404, send: () => collector.send({ site: 'nowhere', events: [] }), says: /"nowhere"/ },
  { name: 'unknown_site', status: 404, send: () => collector.read('/api/v1/stats/aggregate?site_id=nowhere') },
  { name: 'not_found', status: 404, send: () => collector.read('/api/v1/stats/everything') },
  { name: 'method_not_allowed', status: 405, send: () => collector.request('/e'), headers: { allow: 'POST, OPTIONS' } },
  { name: 'method_not_allowed', status: 405, send: () => collector.request(aggregate, { method: 'POST', headers: authorised }), headers: { allow: 'GET, HEAD' } },
  { name: 'unavailable', status: 503, send: () => collector.read('/api/v1/stats/aggregate?site_id=nowhere.example'), says: /Europe\/Nowhere/, headers: { 'retry-after': '1' } },
  { name: 'too_large', status: 413, send: () => collector.post('x'.repeat(65_537)), says: /max_batch_bytes: 65537 is over the limit of 65536/ },
];

for (const { name, status, send, says, headers } of cases) {
  test(`${status} ${name}${says ? ` ${says.source}` : ''} is named and counted`, { timeout: 20_000 }, async () => {
    const label = `request:${name}`;
    const sites = [undefined, 'shop.example', 'nowhere.example'];
    const counted = async () => {
      const counts = await Promise.all(sites.map((site) => collector.outcomes(site)));
      return counts.reduce((sum, outcomes) => sum + (outcomes[label] ?? 0), 0);
    };
    const before = await counted();
    const answer = await send();
    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
    assert.equal(answer.json.type, `urn:passerby:problem:${name}`);
    assert.equal(answer.json.status, status);
    if (says) assert.match(answer.json.detail, says);
    for (const [header, value] of Object.entries(headers ?? {})) assert.equal(answer.headers.get(header), value);
    // Counted after the answer: wait for it, not for a time.
    while ((await counted()) === before) await aMoment();
    // Of those that were limited, more than one.
    if (name !== 'limited') assert.equal(await counted(), before + 1);
  });
}

/** On a socket: `live.test.ts`, and who is slow in `analytics/src/live/watcher.rs`, since being so takes half a minute. */
const onSockets = ['400 bad_message', '408 slow_watcher', '429 too_many_messages', '429 too_many_watchers'];

/** Of collectors that take less than others: `limits.test.ts`. */
const whereLess = ['429 limited', '503 overloaded'];

test('every refusal of a request has a case above', () => {
  const source = readFileSync(path.join(root, 'analytics/src/outcome.rs'), 'utf8');
  const names = [...source.matchAll(/ = (\d{3}), "(\w+)"/g)].map(([, status, name]) => `${status} ${name}`);
  assert.ok(names.length >= 9);
  const tested = new Set([...onSockets, ...whereLess, ...cases.map(({ name, status }) => `${status} ${name}`)]);
  assert.deepEqual(names.filter((name) => !tested.has(name)), []);
});

test('a broken limit is named with what it allows and what was found', async () => {
  const answer = await collector.post(events(1002));
  assert.deepEqual(answer.json.limit, { name: 'max_events', allowed: 1000, found: 1002 });
});

test('a wrong parameter is named with the values it may have', async () => {
  const answer = await collector.read(`${aggregate}&metrics=visitors,happiness`);
  assert.equal(answer.json.parameter, 'metrics');
  assert.deepEqual(answer.json.allowed.slice(0, 3), ['visitors', 'visits', 'pageviews']);
  const missing = await collector.read('/api/v1/stats/aggregate');
  assert.deepEqual([missing.status, missing.json.parameter], [400, 'site_id']);
});

test('a batch from any origin is answered readably, and needs no preflight but may have one', async () => {
  const preflight = await collector.request('/e', { method: 'OPTIONS', headers: { origin: 'https://shop.example' } });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
  for (const answer of [await collector.send({ events: [] }), await collector.post('{')]) {
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    assert.equal(answer.headers.get('access-control-allow-credentials'), null);
  }
});

const suite = path.join(root, '../shared/data/adversarial/json-test-suite');
test('no file of the JSON test suite is a server error, and the next good batch counts', { skip: existsSync(suite) ? false : `${suite} is not there` }, async () => {
  const files = readdirSync(suite).filter((name) => name.endsWith('.json'));
  assert.ok(files.length > 300);
  const before = await collector.aggregate('events');
  for (const name of files) {
    const answer = await collector.post(readFileSync(path.join(suite, name)));
    assert.ok(answer.status >= 400 && answer.status < 500, `${name}: ${answer.status} ${answer.text}`);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json', name);
  }
  const next = await collector.send({ tab: '00000000000000b1', events: [pageview('/')] });
  assert.deepEqual([next.status, next.json.accepted], [200, 1]);
  assert.equal((await collector.aggregate('events')).events, (before.events ?? 0) + 1);
});

test('bytes that are cut or changed anywhere are refused, never a server error', async () => {
  const hex = readFileSync(path.join(root, 'protocol/tests/golden/v1/envelope.hex'), 'utf8').replace(/;.*$/gm, '').replace(/\s+/g, '');
  const whole = Uint8Array.from(Buffer.from(hex, 'hex'));
  for (let at = 0; at < whole.length; at++) {
    const changed = whole.map((byte, i) => (i === at ? byte ^ (1 << at % 8) : byte));
    for (const body of [whole.subarray(0, at), changed]) {
      const answer = await collector.post(body);
      assert.ok(answer.status < 500, `byte ${at}: ${answer.status} ${answer.text}`);
    }
  }
});
