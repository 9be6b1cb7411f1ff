// What becomes of a batch: exactly once, whoever sends it again and how.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, custom, pageview, root } from '../support/collector.ts';

// Each test has a site of its own, so that they need no order.
const names = ['once', 'retry', 'granted', 'heavy', 'cut', 'ticket', 'consent', 'salt', 'refused', 'join', 'prefix'];
let collector: Collector;
before(async () => {
  collector = await Collector.start({ sites: { ...Object.fromEntries(names.map((name) => [name, {}])), hosts: { hosts: ['*.hosts.example'] } } });
});
after(() => collector.stop());

const all = 'visitors,visits,pageviews,events';

test('a batch that is sent again, byte for byte, changes no number', async () => {
  const batch = { site: 'once', events: [pageview('/'), custom('Signup', 10), pageview('/b', {}, 10)] };
  const first = await collector.send(batch);
  assert.deepEqual([first.status, first.json.accepted, first.json.duplicate], [200, 3, 0]);
  const numbers = await collector.aggregate(all, '', 'once');
  assert.deepEqual(numbers, { visitors: 1, visits: 1, pageviews: 2, events: 3 });
  for (let i = 0; i < 3; i++) {
    const again = await collector.send(batch);
    assert.deepEqual([again.status, again.json.accepted, again.json.duplicate], [200, 0, 3]);
  }
  assert.deepEqual(await collector.aggregate(all, '', 'once'), numbers);
  assert.deepEqual(await collector.outcomes('once'), { accepted: 3, duplicate: 9 });
});

test('a batch that is cut, merged and reordered counts each event once', async () => {
  const events = [pageview('/'), custom('a', 5), custom('b', 5), pageview('/c', {}, 5), custom('d', 5)];
  const send = (first: number, last: number) => collector.send({ site: 'cut', first, events: events.slice(first, last) });
  const accepted = [];
  for (const [first, last] of [[3, 5], [0, 2], [1, 4], [0, 5]] as const) accepted.push((await send(first, last)).json.accepted);
  assert.deepEqual(accepted, [2, 2, 1, 0]);
  assert.equal((await collector.aggregate(all, '', 'cut')).events, 5);
});

test('with its ticket a tab stays one visitor whatever becomes of its address', async () => {
  const first = await collector.send({ site: 'ticket', events: [pageview('/')] });
  assert.match(first.json.ticket, /^[0-9a-f]{32}$/);
  const moved = { 'cf-connecting-ip': '198.51.100.7', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0' };
  const next = { site: 'ticket', first: 1, ticket: first.json.ticket, events: [pageview('/b')] };
  const second = await collector.send(next, moved);
  assert.deepEqual([second.json.accepted, second.json.ticket], [1, '']);
  assert.deepEqual((await collector.send(next)).json.duplicate, 1, 'a retry from the old address is a duplicate');
  assert.deepEqual(await collector.aggregate(all, '', 'ticket'), { visitors: 1, visits: 1, pageviews: 2, events: 2 });
});

test('a retry without a ticket counts once, wherever it comes from', async () => {
  const batch = { site: 'retry', events: [pageview('/'), custom('a', 5)] };
  const first = await collector.send(batch);
  const elsewhere = { 'cf-connecting-ip': '198.51.100.9', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0' };
  const again = await collector.send(batch, elsewhere);
  assert.deepEqual([again.json.accepted, again.json.duplicate], [0, 2]);
  assert.notEqual(again.json.ticket, first.json.ticket, 'two tickets of one visitor cannot be told to be ones');
  assert.deepEqual(await collector.aggregate(all, '', 'retry'), { visitors: 1, visits: 1, pageviews: 1, events: 2 });
});

test('an event that was sent before consent and again with it counts once', async () => {
  const batch = { site: 'granted', events: [pageview('/'), custom('a', 5)] };
  await collector.send(batch);
  const again = await collector.send({ ...batch, visitor: 'cd'.repeat(16), events: [...batch.events, custom('b', 5)] });
  assert.deepEqual([again.json.accepted, again.json.duplicate], [1, 2]);
  assert.equal((await collector.aggregate('events', '', 'granted')).events, 3);
});

test('a page of another host takes its events along when it is refused', async () => {
  const events = [pageview('/', { host: 'evil.example' }), custom('x'), pageview('/', { host: 'www.hosts.example' }), custom('y')];
  const answer = await collector.send({ site: 'hosts', events });
  assert.deepEqual(answer.json.refused.map((refusal: object) => Object.values(refusal)), [[0, 'host_not_allowed'], [1, 'host_not_allowed']]);
  assert.equal(answer.json.accepted, 2);
});

test('a batch says by its origin whose page it comes from, after the page view too', async () => {
  const refusals = async (site: string, origin: string) => {
    const answer = await collector.send({ site, tab: `00000000000003${origin.length.toString(16).padStart(2, '0')}`, page: '/', events: [custom('x')] }, { origin });
    assert.equal(answer.status, 200, answer.text);
    return answer.json.refused.map(({ reason }: { reason: string }) => reason);
  };
  assert.deepEqual(await refusals('hosts', 'https://evil.example'), ['host_not_allowed']);
  for (const origin of ['https://hosts.example', 'https://www.hosts.example:8443', 'null']) assert.deepEqual(await refusals('hosts', origin), [], origin);
  // What a developer does is no visit, unless the site's settings say so.
  for (const origin of ['http://localhost:5173', 'http://127.0.0.1', 'http://[::1]:80']) {
    assert.deepEqual(await refusals('granted', origin), ['local_host'], origin);
    assert.deepEqual(await refusals('hosts', origin), ['host_not_allowed'], origin);
  }
  assert.deepEqual(await refusals('granted', 'https://anything.example'), []);
});

test('a heavy batch is counted as far as it fits, and its sender is told', async () => {
  const props = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`key ${n}`, 'x'.repeat(500)]));
  const heavy = () => ({ custom: { name: 'x', props } });
  let stored = 0;
  for (let tab = 0; tab < 80; tab++) {
    const answer = await collector.send({ site: 'heavy', tab: `00000000000002${(tab + 16).toString(16)}`, events: [heavy(), heavy(), heavy()] });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.accepted + answer.json.refused.length, 3);
    stored += answer.json.accepted;
  }
  assert.ok(stored < 80, 'a session is full at a megabyte');
  assert.equal((await collector.outcomes('heavy'))['refused:session_full'], 240 - stored);
  assert.equal((await collector.aggregate('events', '', 'heavy')).events, stored);
});

test('a forged ticket, or one of another site, is no ticket', async () => {
  const { ticket } = (await collector.send({ site: 'ticket', tab: '00000000000000f1', events: [pageview('/')] })).json;
  for (const forged of ['00'.repeat(16), 'ff'.repeat(16), ticket.slice(2), ticket]) {
    const answer = await collector.send({ site: 'salt', tab: '00000000000000f2', ticket: forged, events: [] });
    assert.equal(answer.status, 200);
    assert.notEqual(answer.json.ticket, '', 'a new one is given');
  }
});

test('without consent the visitor is the address and the browser, with it the id', async () => {
  const visit = (tab: string, address: string, visitor?: string) =>
    collector.send({ site: 'consent', tab, events: [pageview('/')], ...(visitor && { visitor }) }, { 'cf-connecting-ip': address });
  await visit('00000000000000c1', '192.0.2.1');
  await visit('00000000000000c2', '192.0.2.1');
  assert.equal((await collector.aggregate('visitors', '', 'consent')).visitors, 1);
  await visit('00000000000000c3', '192.0.2.2');
  assert.equal((await collector.aggregate('visitors', '', 'consent')).visitors, 2);
  await visit('00000000000000c4', '192.0.2.3', 'ab'.repeat(16));
  await visit('00000000000000c5', '192.0.2.4', 'ab'.repeat(16));
  assert.equal((await collector.aggregate('visitors', '', 'consent')).visitors, 3);
});

test('one bad event costs no other, and is named with its place', async () => {
  const long = 'x'.repeat(3000);
  const events = [pageview('/'), custom(''), pageview(long), custom('late', -100 * 3_600_000), custom('good', 100 * 3_600_000)];
  const answer = await collector.send({ site: 'refused', events });
  assert.equal(answer.status, 200);
  assert.equal(answer.json.accepted, 2);
  assert.deepEqual(answer.json.refused, [
    { index: 1, reason: 'missing_field' },
    { index: 2, reason: 'text_too_long' },
    { index: 3, reason: 'too_old' },
  ]);
  assert.deepEqual(await collector.outcomes('refused'), {
    accepted: 2, 'refused:missing_field': 1, 'refused:text_too_long': 1, 'refused:too_old': 1,
  });
});

test('an event that arrives late joins the sessions it lies between', async () => {
  const at = (minutes: number) => -minutes * 60_000;
  const send = (first: number, minutes: number) => collector.send({ site: 'join', first, events: [pageview(`/${first}`, {}, at(minutes))] });
  await send(0, 55);
  await send(1, 0);
  // Sessions count on the day they began; an hour ago may have been yesterday.
  const range = '&period=7d';
  const read = async () => {
    const answer = await collector.read(`/api/v1/stats/aggregate?site_id=join&metrics=visits,pageviews${range}`);
    return [answer.json.results.visits.value, answer.json.results.pageviews.value];
  };
  assert.deepEqual(await read(), [2, 2]);
  await send(2, 28);
  assert.deepEqual(await read(), [1, 3]);
});

test('programs do not count unless the site says so', async () => {
  const robots = await Collector.start();
  try {
    for (const agent of ['curl/8.5.0', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)']) {
      const answer = await robots.send({ events: [pageview('/')] }, { 'user-agent': agent });
      assert.deepEqual(answer.json.refused, [{ index: 0, reason: 'bot' }]);
    }
    const driven = await robots.send({ automated: true, events: [pageview('/')] });
    assert.deepEqual(driven.json.refused, [{ index: 0, reason: 'bot' }]);
    assert.deepEqual(await robots.outcomes('shop.example'), { 'refused:bot': 3 });
    const counted = await robots.send({ site: 'robots.example', events: [pageview('/')] }, { 'user-agent': 'curl/8.5.0' });
    assert.equal(counted.json.accepted, 1);
  } finally {
    await robots.stop();
  }
});

test('both forms of the golden batches are taken in, and answered in kind', async () => {
  const folder = path.join(root, 'protocol/tests/golden/v1');
  const batches = readdirSync(folder).filter((name) => name.endsWith('.hex') && name !== 'reply.hex');
  const sites = batches.map((name) => JSON.parse(readFileSync(path.join(folder, name.replace('.hex', '.json')), 'utf8')).site);
  const golden = await Collector.start({ sites: Object.fromEntries(sites.map((site) => [site, {}])) });
  try {
    for (const name of batches) {
      const json = readFileSync(path.join(folder, name.replace('.hex', '.json')), 'utf8');
      // Hex digits up to a comment.
      const hex = readFileSync(path.join(folder, name), 'utf8').replace(/;.*$/gm, '').replace(/\s+/g, '');
      const compact = await golden.post(Uint8Array.from(Buffer.from(hex, 'hex')));
      assert.deepEqual([compact.status, compact.headers.get('content-type')], [200, 'application/octet-stream'], name);
      const same = await golden.post(json);
      assert.deepEqual([same.status, same.headers.get('content-type')], [200, 'application/json'], name);
      const events = JSON.parse(json).events.length;
      assert.equal(same.json.accepted, 0, `${name}: the JSON form is the same batch`);
      assert.equal(same.json.duplicate + same.json.refused.length, events, name);
    }
  } finally {
    await golden.stop();
  }
});

test("behind the owner's prefix batches are taken, too, and behind no other", async () => {
  const body = (first: number) => JSON.stringify({ site: 'prefix', tab: '00000000000000a1', first, events: [pageview('/')] });
  for (const [place, route, status] of [[0, '/x7/e', 200], [1, '/e', 200], [2, '/x8/e', 404], [3, '/x7/e/', 404], [4, '/x7', 404]] as const) {
    const answer = await collector.request(route, { method: 'POST', body: body(place) });
    assert.equal(answer.status, status, route);
  }
  assert.equal((await collector.aggregate(all, '', 'prefix')).events, 2);
});
