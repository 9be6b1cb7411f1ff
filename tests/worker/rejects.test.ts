// What was refused can be read by its owner: some of each minute, for seven days.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, custom, pageview } from '../support/collector.ts';

const persist = mkdtempSync(path.join(tmpdir(), 'passerby-'));
const sites = { listed: { shards: 4, hosts: ['listed.example'] }, many: {}, weird: {} };
let collector: Collector;
before(async () => {
  collector = await Collector.start({ sites, persist });
});
after(async () => {
  await collector.stop();
  rmSync(persist, { recursive: true });
});

type Reject = { at_ms: number; reason: string; event: string };
const rejects = async (site: string): Promise<Reject[]> => (await collector.read(`/api/v1/rejects?site_id=${site}`)).json.results;
const tab = (n: number) => n.toString(16).padStart(16, '0');
const from = (n: number) => ({ 'cf-connecting-ip': `192.0.2.${n}` });

/** A minute has room for some only, so what belongs together must not be cut by its end. */
async function untilTheMinuteIsYoung(): Promise<void> {
  const into = Date.now() % 60_000;
  if (into > 40_000) await new Promise((resolve) => setTimeout(resolve, 60_000 - into + 1));
}

test('each is listed with its reason and its event, the newest first, whichever object refused it', { timeout: 60_000 }, async () => {
  const began = Date.now();
  for (let n = 1; n <= 4; n++) {
    const events = [pageview('/', { host: 'listed.example' }), custom('', 5), custom('a', -100 * 3_600_000)];
    assert.equal((await collector.send({ site: 'listed', tab: tab(n), events }, from(n))).json.accepted, 1);
  }
  await collector.send({ site: 'listed', tab: tab(9), events: [pageview('/', { host: 'evil.example' })] }, from(9));
  await collector.send({ site: 'listed', tab: tab(10), events: [pageview('/bot')] }, { 'user-agent': 'curl/8.5.0' });
  const listed = await rejects('listed');
  const reasons = Object.fromEntries(['missing_field', 'too_old', 'host_not_allowed', 'bot'].map((reason) => [reason, listed.filter((reject) => reject.reason === reason)]));
  assert.deepEqual(Object.values(reasons).map((found) => found.length), [4, 4, 1, 1]);
  assert.deepEqual(JSON.parse(reasons['missing_field']?.[0]?.event ?? ''), { after_ms: 5, custom: { name: '', props: {} } });
  assert.equal(JSON.parse(reasons['host_not_allowed']?.[0]?.event ?? '').pageview.host, 'evil.example');
  assert.equal(JSON.parse(reasons['bot']?.[0]?.event ?? '').pageview.path, '/bot');
  const times = listed.map((reject) => reject.at_ms);
  assert.deepEqual(times, times.toSorted((a, b) => b - a));
  assert.ok(times.every((at) => at >= began && at <= Date.now()));
});

test('of a minute ten are kept, five of a batch; the others cost no row and are counted still', { timeout: 120_000 }, async () => {
  await untilTheMinuteIsYoung();
  const rows = async () => (await collector.read('/api/v1/storage?site_id=many')).json.results[0].rows_written;
  const send = (first: number) => collector.send({ site: 'many', first, events: [pageview('/'), ...Array.from({ length: 8 }, () => custom(''))] });
  await send(0);
  assert.equal((await rejects('many')).length, 5);
  await send(9);
  assert.equal((await rejects('many')).length, 10);
  const before = await rows();
  for (const first of [18, 27, 36]) await send(first);
  assert.equal(await rows() - before, 3);
  assert.equal((await rejects('many')).length, 10);
  assert.equal((await collector.outcomes('many'))['refused:missing_field'], 40);
});

test('they outlive the collector for seven days, long ones cut between two characters', { timeout: 60_000 }, async () => {
  await collector.send({ site: 'weird', events: [custom('ü€😀'.repeat(100))] });
  const [reject] = await rejects('weird');
  assert.equal(reject?.reason, 'text_too_long');
  assert.ok(Buffer.byteLength(reject?.event ?? '') <= 400);
  assert.match(reject?.event ?? '', /^\{"after_ms":0,"custom":\{"name":"(ü€😀)+[ü€]*$/);
  await collector.stop();
  collector = await Collector.start({ sites, persist });
  assert.deepEqual(await rejects('weird'), [reject]);
  await collector.tidy('weird', Date.now() + 6 * 86_400_000);
  assert.deepEqual(await rejects('weird'), [reject]);
  await collector.tidy('weird', Date.now() + 8 * 86_400_000);
  assert.deepEqual(await rejects('weird'), []);
});

test('whoever has no key reads none', async () => {
  assert.equal((await collector.request('/api/v1/rejects?site_id=listed')).status, 401);
  assert.equal((await collector.read('/api/v1/rejects?site_id=listed&colour=red')).json.parameter, 'colour');
  assert.equal((await collector.read('/api/v1/rejects')).json.parameter, 'site_id');
});
