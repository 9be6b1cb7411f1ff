// What an erasure meets: events that come again, another one of the same person, days that cannot be read, somebody watching.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { adminKey, aMoment, Collector, custom, pageview } from '../support/collector.ts';
import { alarmNow, beginErasure, databases, sessions } from '../support/databases.ts';
import { Watcher } from '../support/watcher.ts';

const persist = mkdtempSync(path.join(tmpdir(), 'passerby-'));
const sites = { refused: { hosts: ['shop.example'] }, 'refused-4': { hosts: ['shop.example'], shards: 4 }, twice: {}, packed: {}, keeps: { retention_days: 30 }, woken: { retention_days: 1 }, watched: {} };
let collector: Collector;
const start = async () => (collector = await Collector.start({ sites, persist }));
before(start);
after(async () => {
  await collector.stop();
  rmSync(persist, { recursive: true });
});

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ID = 'a1b2c3d4e5f60718293a4b5c6d7e8f90';
const tab = (number: number) => number.toString(16).padStart(16, '0');
const authorization = `Bearer ${adminKey}`;

/** Someone with an id of their own does this; `n` tells their tabs apart. */
async function person(site: string, n: number, events: object[], headers: Record<string, string> = {}): Promise<any> {
  const answer = await collector.send({ site, tab: tab(n), visitor: ID, events }, headers);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

const erase = (site: string, whom = `/${ID}?`) => collector.request(`/api/v1/visitors${whom}&site_id=${site}`, { method: 'DELETE', headers: { authorization } });
const today = async (site: string) => (await collector.read(`/api/v1/stats/aggregate?site_id=${site}&period=day&metrics=visits,events`)).json.results;
const listed = async (site: string) => (await collector.read(`/api/v1/rejects?site_id=${site}`)).json.results.map((reject: any) => reject.reason);

/** Changes the database of the one shard that holds such a session, while the collector is stopped. */
async function changed(marker: string, act: (database: DatabaseSync, visitor: bigint, day: number, name: string) => void): Promise<void> {
  await collector.stop();
  let found = 0;
  databases(persist, /shard/i, (database, name) => {
    const theirs = sessions(database).find(({ body }) => body.includes(marker));
    if (theirs === undefined) return;
    act(database, theirs.visitor, theirs.day, name);
    found++;
  });
  await start();
  assert.equal(found, 1);
}

for (const site of ['refused', 'refused-4']) {
  test(`what was refused of an erased person is not listed when it comes again, ${site}`, async () => {
    const batches = async () => {
      await person(site, 1, [pageview('/'), custom('', 5)]);
      await person(site, 2, [custom('')]);
      await person(site, 3, [pageview('/a-bot')], { 'user-agent': 'curl/8.5.0' });
      // Another client's, whose user is the same person by the site's own id.
      const body = JSON.stringify({ api_key: site, event: '$pageview', distinct_id: 'alice', properties: { $current_url: 'https://evil.example/' }, uuid: '0195c6d1-0000-7000-8000-000000000001' });
      assert.equal((await collector.request('/capture/', { method: 'POST', body, headers: { 'content-type': 'application/json', 'user-agent': 'posthog-node/4.0.0' } })).status, 200);
    };
    await batches();
    assert.deepEqual((await listed(site)).sort(), ['bot', 'host_not_allowed', 'missing_field', 'missing_field']);
    assert.equal((await erase(site)).json.results.rejects, 3);
    assert.equal((await erase(site, '?user_id=alice')).json.results.rejects, 1);
    assert.deepEqual(await listed(site), []);
    await batches();
    assert.deepEqual(await listed(site), []);
    const outcomes = await collector.outcomes(site);
    assert.deepEqual([outcomes['refused:missing_field'], outcomes['refused:host_not_allowed'], outcomes['refused:bot']], [4, 2, 2], 'it is counted still');
    // Others' are listed as ever.
    await collector.send({ site, tab: tab(9), events: [custom('')] }, { 'cf-connecting-ip': '192.0.2.9' });
    assert.deepEqual(await listed(site), ['missing_field']);
  });
}

test('who is erased once more while that is under way is erased with what came since', async () => {
  const order = { after_ms: 0, order: { id: 'twice-1', total: { amount_minor: 995, currency: 'EUR' }, items: [] } };
  await person('twice', 1, [pageview('/', {}, -50 * HOUR), order]);
  // Begun an hour ago, and come as far as yesterday.
  await changed('twice-1', (database, visitor) => beginErasure(database, visitor, Date.now() - HOUR, Math.floor(Date.now() / DAY) - 1));
  await person('twice', 2, [pageview('/since')]);
  assert.equal((await today('twice')).visits.value, 1);
  const { status, json } = await erase('twice');
  assert.deepEqual([status, json.results], [200, { visits: 2, events: 3, rejects: 0, goes_on: false }]);
  assert.equal((await today('twice')).visits.value, 0);
});

test('where a day cannot be read, those before it are erased and answers know it', async () => {
  await person('packed', 1, [pageview('/old', {}, -50 * HOUR)]);
  await person('packed', 2, [{ after_ms: 0, order: { id: 'packed-1', total: { amount_minor: 995, currency: 'EUR' }, items: [] } }]);
  // The older day is packed as soon as nothing of it can come again; today is not yet.
  await collector.tidy('packed', Date.now() + 72.5 * HOUR + 61_000);
  await changed('packed-1', (database) => assert.equal(database.prepare("UPDATE segment SET bytes = x'00'").run().changes, 1));
  assert.equal((await today('packed')).visits.value, 1);
  assert.equal((await erase('packed')).status, 503, 'all of it is not done');
  assert.equal((await today('packed')).visits.value, 0);
});

test('a day that cannot be forgotten keeps no other day', async () => {
  await person('keeps', 1, [pageview('/old', {}, -50 * HOUR), custom('keeps-1', 5)]);
  await person('keeps', 2, [pageview('/')]);
  await changed('keeps-1', (database, _, day) => database.exec(`UPDATE session_${day} SET outcomes = x'ff'`));
  assert.equal((await today('keeps')).visits.value, 1);
  await assert.rejects(collector.tidy('keeps', (Math.floor(Date.now() / DAY) + 31) * DAY));
  assert.equal((await today('keeps')).visits.value, 0);
});

test('an erasure goes on by alarm though something else that the alarm does fails', { timeout: 60_000 }, async () => {
  await person('woken', 1, [pageview('/old', {}, -50 * HOUR)]);
  await person('woken', 2, [pageview('/'), custom('woken-1', 5)]);
  await changed('woken-1', (database, visitor, day, name) => {
    const old = Math.floor((Date.now() - 50 * HOUR) / DAY);
    // The site does not keep this day, and it cannot be forgotten.
    database.exec(`UPDATE session_${old} SET outcomes = x'ff'`);
    beginErasure(database, visitor, Date.now(), null);
    alarmNow(persist, database, name);
    assert.ok(day > old);
  });
  // Woken by itself: wait for what it does.
  while ((await today('woken')).visits.value > 0) await aMoment();
});

test('who watches is not shown what waited to be told of an erased person', { timeout: 30_000 }, async () => {
  const watcher = await Watcher.open(collector.url, 'watched');
  const pages = () => watcher.scene!.pages.map(({ name }) => name);
  for (let round = 1; round <= 4; round++) {
    // What comes right behind the first waits until it is time for the next report.
    await person('watched', round, [pageview('/person')]);
    await watcher.until(() => pages().includes('/person'));
    await person('watched', 10 + round, [pageview('/person/again')]);
    assert.equal((await erase('watched')).status, 200);
    await collector.send({ site: 'watched', tab: tab(20), first: round, events: [pageview(`/other/${round}`)] }, { 'cf-connecting-ip': '192.0.2.9' });
    await watcher.until(() => pages().includes(`/other/${round}`));
    assert.deepEqual([watcher.scene!.visitors, pages()], [1, [`/other/${round}`]]);
  }
  await watcher.close();
});
