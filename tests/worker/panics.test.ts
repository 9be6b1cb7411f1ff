// A panic ends the instance that it happens in, and whatever that had under way gets no answer: who waits for one gives up, as
// trackers do, and sends again. What was acknowledged is counted all the same, and the next request is answered. The collector
// here is built with a feature that makes it panic on demand.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { build, collectorConfig } from '../../scripts/workerd-config.ts';
import { adminKey, browser, custom, pageview, root, untilMidnightIsFar } from '../support/collector.ts';
import { Workerd } from '../support/workerd.ts';

const bundle = path.join(root, 'target/panicking');
const PANIC = 'a panic that was asked for';
const folder = mkdtempSync(path.join(tmpdir(), 'passerby-'));
const SITES = Object.fromEntries(['worker', 'in transaction', 'after transaction', 'after statement', 'many'].map((site) => [site, { shards: site === 'many' ? 4 : 1 }]));
let workerd: Workerd;
let url: string;
const log: string[] = [];
const panicsLogged = () => log.join('').split(PANIC).length - 1;
let onLog = () => {};

before(async () => {
  execFileSync(path.join(root, 'scripts/build-collector.sh'), ['--panicking'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const storage = path.join(folder, 'storage');
  mkdirSync(storage);
  const bindings = { SITES, PASSERBY_ADMIN_KEY: adminKey };
  const config = collectorConfig({ folder, storage, address: '127.0.0.1:0', bindings, bundle });
  workerd = await Workerd.start(path.join(folder, 'collector.capnp'), config, ['http'], (text) => {
    log.push(text);
    onLog();
  });
  url = `http://127.0.0.1:${workerd.ports['http']}`;
  await untilMidnightIsFar();
});
after(async () => {
  // What has no answer would keep it from ending by itself.
  await workerd?.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Of no status: the sender gave up. */
type Reply = { status: number; accepted?: number; duplicate?: number };

/** How long a sender waits for an answer that may never come. */
const PATIENCE_MS = 2_000;

/**
 * Sends a tab's two events, as if from an address of its own. Every other tab has one more, which is refused and listed: what
 * takes more than a statement is a transaction.
 */
async function send(site: string, tab: number, panic?: string, patienceMs = PATIENCE_MS): Promise<Reply> {
  const batch = { site, tab: (0x5000 + tab).toString(16).padStart(16, '0'), events: [pageview('/'), custom('Signup', 5), ...(tab % 2 === 0 && site !== 'after statement' ? [custom('', 6)] : [])] };
  const headers = { 'user-agent': browser, 'cf-connecting-ip': `192.0.2.${tab}`, ...(panic === undefined ? {} : { 'x-panic': panic }) };
  try {
    const answer = await fetch(`${url}/e`, { method: 'POST', headers, body: JSON.stringify(batch), signal: AbortSignal.timeout(patienceMs) });
    const text = await answer.text();
    return { status: answer.status, ...(answer.ok ? JSON.parse(text) : {}) };
  } catch {
    return { status: 0 };
  }
}

async function totals(site: string): Promise<Record<string, number>> {
  const route = `/api/v1/stats/aggregate?site_id=${encodeURIComponent(site)}&period=7d&metrics=visitors,pageviews,events`;
  const answer = await fetch(url + route, { headers: { authorization: `Bearer ${adminKey}` } });
  const { results } = (await answer.json()) as { results: Record<string, { value: number }> };
  return Object.fromEntries(Object.entries(results).map(([name, { value }]) => [name, value]));
}

for (const place of ['worker', 'in transaction', 'after transaction', 'after statement']) {
  test(`a panic ${place}: the next request is answered, and each event is counted once`, { timeout: 60_000 }, async () => {
    const answered = (tab: number) => send(place, tab, undefined, 30_000);
    assert.equal((await answered(1)).accepted, 2);
    const before = panicsLogged();
    const failed = await send(place, 2, place);
    assert.ok(failed.status === 0 || failed.status >= 500, `it is not acknowledged: ${failed.status}`);
    // What is printed comes by another way than the answer, and may come after it.
    while (panicsLogged() === before) await new Promise<void>((resolve) => void (onLog = resolve));
    assert.equal(panicsLogged(), before + 1);
    const again = await answered(2);
    assert.equal(again.status, 200);
    assert.equal((again.accepted ?? 0) + (again.duplicate ?? 0), 2);
    if (!place.startsWith('after')) assert.equal(again.accepted, 2, 'nothing of it stayed');
    assert.equal((await answered(1)).duplicate, 2, 'what was acknowledged is known');
    assert.deepEqual(await totals(place), { visitors: 2, pageviews: 2, events: 4 });
  });
}

test('panics among many requests: who is not answered sends again, and each event is counted once', { timeout: 60_000 }, async () => {
  const places = ['worker', 'in transaction', 'after statement', 'after transaction'];
  const deliver = async (tab: number) => {
    let reply = await send('many', tab, tab % 5 === 0 ? places[(tab / 5) % 4] : undefined);
    while (reply.status !== 200) reply = await send('many', tab);
  };
  const tabs = Array.from({ length: 60 }, (_, tab) => tab + 1);
  await Promise.all(tabs.map(deliver));
  assert.deepEqual(await totals('many'), { visitors: 60, pageviews: 60, events: 120 });
});

test('the collector that is served has no panic on demand', () => {
  const asks = (folder: string) => readFileSync(path.join(folder, 'index_bg.wasm')).includes(PANIC);
  assert.deepEqual([asks(bundle), asks(build)], [true, false]);
});
