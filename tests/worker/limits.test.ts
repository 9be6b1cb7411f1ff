// What comes too fast is refused whole and named, and what was refused is counted as that.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { type Answer, Collector, custom, pageview, aMoment } from '../support/collector.ts';

let collector: Collector;
before(async () => {
  collector = await Collector.start({ sites: { address: { batches_per_minute_of_address: 2 }, all: { batches_per_minute: 2 }, plausible: { batches_per_minute_of_address: 1 } } });
});
after(() => collector.stop());

const tab = (n: number) => n.toString(16).padStart(16, '0');
const from = (n: number) => ({ 'cf-connecting-ip': `192.0.2.${n}` });
const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);

function refused(answer: Answer, status: number, name: string): void {
  assert.deepEqual([answer.status, answer.json.type], [status, `urn:passerby:problem:${name}`], answer.text);
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  assert.equal(answer.headers.get('access-control-expose-headers'), 'Retry-After');
}

/** Waits until so many requests were counted as refused: that happens after their answers. */
async function counted(name: string, site: string, count: number, of = collector): Promise<any> {
  for (;;) {
    const { json } = await of.read(`/api/v1/outcomes?site_id=${site}`);
    if ((json.results[`request:${name}`] ?? 0) >= count) return json;
    await aMoment();
  }
}

test('an address that sends more than its share is told to wait, and no other', { timeout: 20_000 }, async () => {
  const send = (n: number, address: number) => collector.send({ site: 'address', tab: tab(n), events: [pageview('/'), custom('a', 1)] }, from(address));
  assert.deepEqual([(await send(1, 1)).status, (await send(2, 1)).status], [200, 200]);
  const third = await send(3, 1);
  refused(third, 429, 'limited');
  assert.ok(Number(third.headers.get('retry-after')) <= 30);
  refused(await send(3, 1), 429, 'limited');
  assert.equal((await send(4, 2)).status, 200);
  const json = await counted('limited', 'address', 2);
  assert.deepEqual(json.results, { accepted: 6, 'refused:limited': 4, 'request:limited': 2 });
  assert.equal(json.received, 10, 'received = accepted + limited, and requests are not events');
});

test('a site that is sent more than its share takes no more from anybody', { timeout: 20_000 }, async () => {
  const statuses = [];
  for (let n = 1; n <= 4; n++) statuses.push((await collector.send({ site: 'all', tab: tab(n), events: [pageview('/')] }, from(n))).status);
  assert.deepEqual(statuses, [200, 200, 429, 429]);
  const json = await counted('limited', 'all', 2);
  assert.equal(json.received, 4);
  assert.equal(sum(json.results), 6);
});

test("other clients' requests are limited like trackers', as a whole", { timeout: 20_000 }, async () => {
  const body = JSON.stringify({ name: 'pageview', url: 'https://plausible/a', domain: 'plausible' });
  const send = () => collector.request('/api/event', { method: 'POST', body });
  assert.equal((await send()).status, 202);
  refused(await send(), 429, 'limited');
  assert.deepEqual((await counted('limited', 'plausible', 1)).results, { accepted: 1, 'refused:limited': 1, 'request:limited': 1 });
});

test('a shard that has too much to write refuses at once, counts nothing of it, and takes it when it is sent again', { timeout: 60_000 }, async () => {
  const persist = mkdtempSync(path.join(tmpdir(), 'passerby-'));
  const batch = { events: [pageview('/'), custom('a', 1)] };
  let busy = await Collector.start({ persist, bindings: { MAX_WAITING: '0' } });
  try {
    const answer = await busy.send(batch);
    refused(answer, 503, 'overloaded');
    assert.equal(answer.headers.get('retry-after'), '2');
    const body = JSON.stringify({ name: 'pageview', url: 'https://shop.example/', domain: 'shop.example' });
    refused(await busy.request('/api/event', { method: 'POST', body }), 503, 'overloaded');
    const { results, received } = await counted('overloaded', 'shop.example', 2, busy);
    assert.deepEqual([results, received], [{ 'request:overloaded': 2 }, 0], 'each was asked once, and nothing came of it');
    await busy.stop();
    busy = await Collector.start({ persist });
    assert.equal((await busy.send(batch)).json.accepted, 2);
    assert.equal((await busy.aggregate('events')).events, 2);
  } finally {
    await busy.stop();
    rmSync(persist, { recursive: true });
  }
});

test("another client's call of many visitors is taken in whole where one batch may wait, so none without a name counts twice", { timeout: 30_000 }, async () => {
  const narrow = await Collector.start({ sites: { narrow: {} }, bindings: { MAX_WAITING: '1' } });
  try {
    const events = Array.from({ length: 5 }, (_, n) => ({ event: 'Signup', distinct_id: `somebody ${n}` }));
    const answer = await narrow.request('/batch/', { method: 'POST', body: JSON.stringify({ api_key: 'narrow', batch: events }), headers: { 'user-agent': 'posthog-node/4.0.0' } });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(await narrow.aggregate('visitors,events', '', 'narrow'), { visitors: 5, events: 5 });
  } finally {
    await narrow.stop();
  }
});
