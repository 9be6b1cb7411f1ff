// The socket: what it shows, who may have it, what it refuses, and that it costs nothing while nobody watches.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, adminKey, custom, pageview, aMoment } from '../support/collector.ts';
import { Victim } from '../faults/victim.ts';
import { Watcher, protocols, refused } from '../support/watcher.ts';

let collector: Collector;
before(async () => {
  collector = await Collector.start({
    sites: Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'refused', 'quiet', 'later', 'gone', 'origins'].map((name) => [name, { count_bots: true, shards: name === 'b' ? 4 : 1, ...(name === 'origins' ? { origins: ['https://board.example'] } : {}) }])),
  });
});
after(() => collector.stop());

let tabs = 0;
/** Somebody new does this. */
async function visit(site: string, events: object[], tab = ++tabs): Promise<any> {
  const answer = await collector.send(
    { site, tab: tab.toString(16).padStart(16, '0'), events },
    { 'cf-connecting-ip': `198.51.100.${tab % 250}`, 'user-agent': `browser ${tab}` },
  );
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

const pages = ({ scene }: Watcher) => scene?.pages.map(({ name, visitors }) => `${name} ${visitors}`);
const feed = ({ scene }: Watcher) => scene?.events.map(({ name, page }) => `${name} ${page}`);

test('a watcher sees first what there is, then what happens, and its numbers are those of the API', { timeout: 30_000 }, async () => {
  await visit('a', [pageview('/before', { referrer: 'https://www.google.com/' }, -1000)]);
  const watcher = await Watcher.open(collector.url, 'a');
  assert.equal(watcher.frames[0]!.type, 'scene');
  assert.deepEqual([pages(watcher), feed(watcher), watcher.scene!.visitors], [['/before 1'], ['pageview /before'], 1]);
  assert.deepEqual(watcher.scene!.sources, [{ name: 'Google', visitors: 1 }]);
  await visit('a', [pageview('/now'), custom('Signup')]);
  await watcher.until(() => watcher.scene!.visitors === 2);
  assert.deepEqual(pages(watcher), ['/before 1', '/now 1']);
  assert.deepEqual(feed(watcher)!.sort(), ['Signup /now', 'pageview /before', 'pageview /now']);
  assert.equal((await collector.read('/api/v1/stats/realtime/visitors?site_id=a')).json, 2);
  assert.deepEqual(watcher.scene!.failed_shards, []);
  await watcher.close();
});

test('with four shards, a visitor who moves on is counted where they are now', { timeout: 30_000 }, async () => {
  const watcher = await Watcher.open(collector.url, 'b');
  const first = tabs + 1;
  for (let count = 0; count < 12; count += 1) await visit('b', [pageview('/entry')]);
  await watcher.until(() => pages(watcher)![0] === '/entry 12');
  await Promise.all([0, 1, 2].map((visitor) => collector.send(
    { site: 'b', tab: (first + visitor).toString(16).padStart(16, '0'), first: 1, events: [pageview('/next')] },
    { 'cf-connecting-ip': `198.51.100.${(first + visitor) % 250}`, 'user-agent': `browser ${first + visitor}` },
  )));
  await watcher.until(() => watcher.scene!.pages.length === 2 && watcher.scene!.pages[1]!.visitors === 3);
  assert.deepEqual([pages(watcher), watcher.scene!.visitors], [['/entry 9', '/next 3'], 12]);
  await watcher.close();
});

test('what is sent again is not told again', { timeout: 30_000 }, async () => {
  const watcher = await Watcher.open(collector.url, 'c');
  const tab = ++tabs;
  const batch = [pageview('/once')];
  await visit('c', batch, tab);
  await watcher.until(() => watcher.scene!.events.length === 1);
  await visit('c', batch, tab);
  await visit('c', [pageview('/twice')]);
  await watcher.until(() => feed(watcher)!.includes('pageview /twice'));
  assert.deepEqual(feed(watcher)!.filter((event) => event === 'pageview /once').length, 1);
  assert.equal(watcher.scene!.visitors, 2);
  await watcher.close();
});

test('who comes back gets what was missed, or all of it', { timeout: 30_000 }, async () => {
  const stays = await Watcher.open(collector.url, 'd');
  await visit('d', [pageview('/1')]);
  await stays.until(() => feed(stays)!.length === 1);
  const { seq } = stays;
  await visit('d', [pageview('/2')]);
  await stays.until(() => feed(stays)!.length === 2);
  const back = await Watcher.open(collector.url, 'd', { query: `&since=${seq}` });
  assert.deepEqual(back.frames[0], stays.frames.at(-1));
  assert.equal(back.frames[0]!.type, 'changes');
  const late = await Watcher.open(collector.url, 'd', { query: '&since=1' });
  assert.equal(late.frames[0]!.type, 'scene');
  assert.deepEqual(late.scene, stays.scene);
  await Promise.all([stays, back, late].map((watcher) => watcher.close()));
});

test('changes, one after the other, make the scene that somebody new is shown', { timeout: 60_000 }, async () => {
  const watcher = await Watcher.open(collector.url, 'e');
  for (let round = 0; round < 5; round += 1) {
    await Promise.all(Array.from({ length: 8 }, (_, n) => visit('e', [pageview(`/${(round * 3 + n) % 5}`), custom(`Event ${round} ${n}`)])));
  }
  await watcher.until(() => watcher.scene!.visitors === 40);
  const other = await Watcher.open(collector.url, 'e');
  await watcher.until(() => watcher.seq >= other.seq);
  const { events, ...lists } = watcher.scene!;
  const { events: theirs, ...shown } = other.scene!;
  assert.deepEqual(lists, shown);
  const text = (event: object) => JSON.stringify(event);
  assert.deepEqual(events.map(text).sort(), theirs.map(text).sort());
  assert.ok(watcher.frames.some((frame) => frame.type === 'changes'));
  await Promise.all([watcher.close(), other.close()]);
});

test('a tracker is told to hurry by its next reply, and to take its time again when nobody watches', { timeout: 30_000 }, async () => {
  const tab = ++tabs;
  assert.equal((await visit('f', [pageview('/')], tab)).flush_after_ms, 60_000);
  const watcher = await Watcher.open(collector.url, 'f');
  assert.equal((await visit('f', [pageview('/')], tab)).flush_after_ms, 250);
  await watcher.close();
  // The word goes from the hub to the shards: wait for it, not for a time.
  while ((await visit('f', [], tab)).flush_after_ms !== 60_000) await aMoment();
});

test('while nobody watches, a batch writes its one row and no other', { timeout: 30_000 }, async () => {
  const rows = async (site: string) => (await collector.read(`/api/v1/storage?site_id=${site}`)).json.results[0].rows_written;
  await visit('quiet', [pageview('/')]);
  const before = await rows('quiet');
  for (let count = 0; count < 10; count += 1) await visit('quiet', [pageview('/')]);
  assert.equal((await rows('quiet')) - before, 10);
  // And while somebody does, the shard writes down once that it is so.
  const watcher = await Watcher.open(collector.url, 'quiet');
  for (let count = 0; count < 10; count += 1) await visit('quiet', [pageview('/')]);
  assert.equal((await rows('quiet')) - before, 21);
  await watcher.close();
});

test('a visitor is gone after five minutes, though nobody comes', { timeout: 30_000 }, async () => {
  const watcher = await Watcher.open(collector.url, 'gone');
  await visit('gone', [pageview('/gone', {}, -297_000)]);
  await watcher.until(() => watcher.scene!.visitors === 1);
  await watcher.until(() => watcher.scene!.visitors === 0);
  assert.deepEqual([pages(watcher), feed(watcher)], [[], ['pageview /gone']]);
  await watcher.close();
});

test('a shard that starts anew knows that somebody watches, and hears from the hub when nobody does', { timeout: 60_000 }, async () => {
  const persist = mkdtempSync(path.join(tmpdir(), 'passerby-live-'));
  const sites = { again: { count_bots: true } };
  const before = await Collector.start({ persist, sites });
  await Watcher.open(before.url, 'again');
  await before.stop();
  const anew = await Collector.start({ persist, sites });
  const hint = async () => (await anew.send({ site: 'again', events: [pageview('/')] })).json.flush_after_ms;
  assert.equal(await hint(), 250);
  while ((await hint()) !== 60_000) await aMoment();
  await anew.stop();
  rmSync(persist, { recursive: true });
});

test('when all objects vanish, whoever watches comes back to all there is, and shards go on reporting', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'passerby-live-'));
  const victim = await Victim.start(folder, { vanish: { count_bots: true, shards: 4 } });
  let visitors = 0;
  const visit = async () => {
    visitors += 1;
    const batch = { site: 'vanish', tab: visitors.toString(16).padStart(16, '0'), events: [pageview(`/${visitors}`)] };
    const answer = await fetch(`${victim.url}/e`, { method: 'POST', body: JSON.stringify(batch), headers: { 'user-agent': `browser ${visitors}` } });
    return ((await answer.json()) as { flush_after_ms: number }).flush_after_ms;
  };
  let watcher = await Watcher.open(victim.url, 'vanish');
  for (let round = 1; round <= 3; round += 1) {
    // Wherever a visitor's shard is, it hurries the tracker: it knows that somebody watches, though it has just started.
    for (let visitor = 0; visitor < 8; visitor += 1) assert.equal(await visit(), 250);
    await watcher.until(() => watcher.scene!.visitors === visitors || watcher.closed !== undefined);
    assert.equal(watcher.scene!.visitors, visitors);
    await victim.evict();
    await watcher.until(() => watcher.closed !== undefined);
    const { seq } = watcher;
    watcher = await Watcher.open(victim.url, 'vanish', { query: `&since=${seq}` });
    assert.equal(watcher.frames[0]!.type, 'scene');
    assert.ok(watcher.seq > seq);
    assert.equal(watcher.scene!.visitors, visitors);
  }
  await watcher.close();
  await victim.stop();
  rmSync(folder, { recursive: true });
});

test('a ping is answered', { timeout: 10_000 }, async () => {
  const watcher = await Watcher.open(collector.url, 'later');
  watcher.socket.send('ping');
  await watcher.until(() => watcher.last === 'pong');
  await watcher.close();
});

async function counted(site: string | undefined, name: string): Promise<number> {
  return (await collector.outcomes(site))[`request:${name}`] ?? 0;
}

async function untilCounted(site: string | undefined, name: string, before: number): Promise<void> {
  while ((await counted(site, name)) === before) await aMoment();
}

test('who has no key, another origin, or no socket is refused by name', { timeout: 30_000 }, async () => {
  const live = `${collector.url}/api/v1/live?site_id=refused`;
  const headers = { authorization: `Bearer ${adminKey}` };
  const cases: [string, number, string, Record<string, string>][] = [
    ['unauthorized', 401, live, {}],
    ['unauthorized', 401, live, { 'sec-websocket-protocol': protocols('another key').join(', ') }],
    ['unauthorized', 401, live, { 'sec-websocket-protocol': 'passerby.live, passerby.key.zz' }],
    ['foreign_origin', 403, live, { ...headers, origin: 'https://elsewhere.example' }],
    ['bad_parameter', 400, `${live}&since=yesterday`, headers],
    ['bad_parameter', 400, `${live}&until=7`, headers],
    ['unknown_site', 404, `${collector.url}/api/v1/live?site_id=nowhere`, headers],
  ];
  for (const [name, status, url, sent] of cases) assert.deepEqual(await refused(url, sent), [status, name]);
  const plain = await collector.read('/api/v1/live?site_id=refused');
  assert.deepEqual([plain.status, plain.json.type], [426, 'urn:passerby:problem:upgrade_required']);
});

test('what a watcher may not say is refused by name, and closes in the end', { timeout: 30_000 }, async () => {
  const before = await counted('refused', 'bad_message');
  const watcher = await Watcher.open(collector.url, 'refused');
  watcher.socket.send(JSON.stringify({ seen: watcher.seq }));
  for (const wrong of ['hello', new Uint8Array(9), 'x'.repeat(100_000)]) watcher.socket.send(wrong);
  await watcher.until(() => watcher.closed !== undefined);
  assert.deepEqual(watcher.closed, { code: 4400, reason: 'bad_message' });
  assert.deepEqual(watcher.frames.filter(({ type }) => type === 'refused').map((frame) => (frame as any).reason), ['bad_message', 'bad_message', 'bad_message']);
  while ((await counted('refused', 'bad_message')) < before + 3) await aMoment();
});

test('who says too much is closed by name', { timeout: 30_000 }, async () => {
  const before = await counted('refused', 'too_many_messages');
  const watcher = await Watcher.open(collector.url, 'refused');
  for (let count = 0; count < 50; count += 1) watcher.socket.send(JSON.stringify({ seen: watcher.seq }));
  await watcher.until(() => watcher.closed !== undefined);
  assert.deepEqual(watcher.closed, { code: 4429, reason: 'too_many_messages' });
  await untilCounted('refused', 'too_many_messages', before);
});

test('a token opens the socket, and so do pages of an origin that the site names', { timeout: 30_000 }, async () => {
  const asked = { method: 'POST', headers: { authorization: `Bearer ${adminKey}` }, body: JSON.stringify({ site_id: 'origins' }) };
  const { json } = await collector.request('/api/v1/token', asked);
  const watcher = new Watcher(collector.url, 'origins', { key: json.token });
  await watcher.until(() => watcher.frames.length > 0);
  await watcher.close();
  const live = `${collector.url}/api/v1/live?site_id=origins`;
  const headers = { authorization: `Bearer ${adminKey}` };
  await assert.rejects(refused(live, { ...headers, origin: 'https://board.example' }), /it was let in/);
  assert.deepEqual(await refused(live, { ...headers, origin: 'https://other.example' }), [403, 'foreign_origin']);
});

test('a site has 50 watchers at the most', { timeout: 30_000 }, async () => {
  const watchers = await Promise.all(Array.from({ length: 50 }, () => Watcher.open(collector.url, 'later')));
  const answer = await refused(`${collector.url}/api/v1/live?site_id=later`, { authorization: `Bearer ${adminKey}` });
  assert.deepEqual(answer, [429, 'too_many_watchers']);
  await untilCounted('later', 'too_many_watchers', 0);
  await watchers[0]!.close();
  await Watcher.open(collector.url, 'later').then((watcher) => watchers.push(watcher));
  await Promise.all(watchers.slice(1).map((watcher) => watcher.close()));
});
