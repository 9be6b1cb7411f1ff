// One person's data: told, and erased so that every answer is as if they had never been. Each site has a twin to which the
// same people came, but for that person.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { adminKey, Collector, custom, pageview, aMoment } from '../support/collector.ts';
import { alarmNow, beginErasure, databases, sessions } from '../support/databases.ts';
import { Watcher } from '../support/watcher.ts';

const persist = mkdtempSync(path.join(tmpdir(), 'passerby-'));
const counts = [1, 4];
const names = ['id', 'user', 'packed', 'late', 'broken'];
const twins = names.flatMap((name) => counts.flatMap((shards) => [`${name}-${shards}`, `${name}-${shards}-without`].map((site) => [site, { shards }] as const)));
const sites = { ...Object.fromEntries(twins), keeps: { retention_days: 30 }, watched: {} };
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
const from = (address: number) => ({ 'cf-connecting-ip': `192.0.2.${address}` });

type Batch = { site: string; tab: string; first?: number; visitor?: string; user?: string; events: object[] };

/** Five others: one of them identified, one with an id of their own, one who came twice. */
async function others(site: string): Promise<void> {
  for (let number = 1; number <= 5; number++) {
    const more = [{}, { user: 'ben' }, { visitor: 'ff'.repeat(16) }, {}, {}][number - 1];
    const events = [pageview('/', { referrer: 'https://www.google.com/' }, -3 * HOUR), pageview(`/${number}`, {}, number === 4 ? HOUR : 5), custom('Signup', 5)];
    assert.equal((await collector.send({ site, tab: tab(number), events, ...more }, from(number))).status, 200);
  }
}

/** What the person sends: before they consented, after that, and on another day and page. One event is refused. */
const person = (site: string): Batch[] => [
  { site, tab: tab(0xa1), events: [pageview('/before', { referrer: 'https://example.org/' }, -4 * HOUR)] },
  { site, tab: tab(0xa1), first: 1, visitor: ID, events: [pageview('/', {}, -4 * HOUR), custom('', 5), custom('Signup', 5)] },
  { site, tab: tab(0xa2), visitor: ID, events: [pageview('/1', {}, -50 * HOUR), { after_ms: 5, order: { id: 'o1', total: { amount_minor: 995, currency: 'EUR' }, items: [] } }] },
];

/** The same by a name that the site has for them, and from two browsers; once they were nobody yet. */
const user = (site: string): Batch[] => [
  { site, tab: tab(0xb1), events: [pageview('/before', {}, -4 * HOUR), { after_ms: 5, identify: { user: 'alice' } }, custom('Signup', 5)] },
  { site, tab: tab(0xb2), user: 'alice', visitor: ID, events: [pageview('/1', {}, -2 * HOUR)] },
  { site, tab: tab(0xb3), visitor: ID, events: [pageview('/later', {}, -HOUR)] },
];

/** The person has an address of their own, and another one later. */
async function send(batches: Batch[], address = 100): Promise<any[]> {
  const answers: any[] = [];
  for (const batch of batches) {
    const answer = await collector.send(batch, from(address));
    assert.equal(answer.status, 200, answer.text);
    answers.push(answer.json);
  }
  return answers;
}

const v1 = ['aggregate?metrics=visitors,visits,pageviews,views_per_visit,bounce_rate,visit_duration,events', 'breakdown?property=event:page&metrics=visitors,pageviews', 'breakdown?property=visit:source', 'breakdown?property=event:name&metrics=visitors,events', 'timeseries?metrics=visitors,visits'];
const reports: Record<string, object> = {
  funnel: { steps: [{ page: '/' }, { event: 'Signup' }] },
  retention: { by: 'day' },
  journey: {},
  exits: {},
  goals: { goals: [{ event: 'Signup' }] },
  revenue: {},
};

async function ask(url: string, body?: object): Promise<any> {
  const answer = body === undefined ? await collector.read(url) : await collector.request(url, { method: 'POST', body: JSON.stringify(body), headers: { authorization: `Bearer ${adminKey}` } });
  assert.equal(answer.status, 200, `${url}: ${answer.text}`);
  return answer.json.results ?? answer.json;
}

async function answers(site: string): Promise<unknown[]> {
  const asked = v1.map((question) => ask(`/api/v1/stats/${question}&site_id=${site}&period=7d`));
  const reported = Object.entries(reports).map(([name, options]) => ask(`/api/v1/${name}`, { site_id: site, date_range: '7d', ...options }));
  return Promise.all([...asked, ...reported, ask(`/api/v1/stats/realtime/visitors?site_id=${site}`), ask(`/api/v1/rejects?site_id=${site}`)]);
}

const whom = (site: string, whose: string) => (whose === 'alice' ? `/api/v1/visitors?site_id=${site}&user_id=alice` : `/api/v1/visitors/${ID}?site_id=${site}`);
const kept = (site: string, whose: string) => ask(whom(site, whose));
const kinds = (told: any) => told.visits.flatMap((visit: any) => visit.events.map((event: any) => Object.keys(event).find((name) => !['at_ms', 'page', 'user', 'tab', 'number'].includes(name)))).sort();

async function erase(site: string, whose: string): Promise<any> {
  const answer = await collector.request(whom(site, whose), { method: 'DELETE', headers: { authorization: `Bearer ${adminKey}` } });
  assert.equal(answer.status, 200, answer.text);
  return answer.json.results;
}

for (const shards of counts) {
  const site = `id-${shards}`;
  test(`a person with an id of their own is told all and then erased, ${shards} shards`, async () => {
    for (const each of [site, `${site}-without`]) await others(each);
    await send(person(site));
    assert.notDeepEqual(await answers(site), await answers(`${site}-without`));
    const outcomes = await collector.outcomes(site);

    const told = await kept(site, ID);
    assert.deepEqual(kinds(told), ['custom', 'order', 'pageview', 'pageview', 'pageview'], 'before they consented, too');
    assert.deepEqual(told.rejects.map((reject: any) => reject.reason), ['missing_field']);
    const order = told.visits.flatMap((visit: any) => visit.events).find((event: any) => event.order);
    assert.deepEqual([order.page, order.order.id, order.order.total], ['/1', 'o1', { amount_minor: 995, currency: 'EUR' }]);

    assert.deepEqual(await erase(site, ID), { visits: 3, events: 5, rejects: 1, goes_on: false });
    assert.deepEqual(await answers(site), await answers(`${site}-without`));
    assert.deepEqual(await kept(site, ID), { visits: [], rejects: [] });
    assert.deepEqual(await erase(site, ID), { visits: 0, events: 0, rejects: 0, goes_on: false }, 'erasing again changes nothing');
    assert.deepEqual(await collector.outcomes(site), outcomes, 'what became of batches stays counted');
  });

  const ofUser = `user-${shards}`;
  test(`a user is told all and then erased, from every browser they came with, ${shards} shards`, async () => {
    for (const each of [ofUser, `${ofUser}-without`]) await others(each);
    await send(user(ofUser));
    assert.deepEqual(kinds(await kept(ofUser, 'alice')), ['custom', 'identify', 'pageview', 'pageview', 'pageview']);
    assert.deepEqual(await erase(ofUser, 'alice'), { visits: 3, events: 5, rejects: 0, goes_on: false });
    assert.deepEqual(await answers(ofUser), await answers(`${ofUser}-without`));
    assert.deepEqual(await kept(ofUser, 'alice'), { visits: [], rejects: [] });
  });

  const packed = `packed-${shards}`;
  test(`whoever is in packed days is told and erased as well, ${shards} shards`, async () => {
    for (const each of [packed, `${packed}-without`]) await others(each);
    await send([...person(packed).slice(1), ...user(packed).slice(0, 1)]);
    // What questions made of the days is kept, and must fall.
    await answers(packed);
    for (const each of [packed, `${packed}-without`]) await collector.tidy(each, Date.now() + 5 * DAY, shards);
    await answers(packed);
    assert.deepEqual(kinds(await kept(packed, ID)), ['custom', 'order', 'pageview', 'pageview']);
    assert.equal((await erase(packed, ID)).events, 4);
    assert.deepEqual(kinds(await kept(packed, 'alice')), ['custom', 'identify', 'pageview']);
    assert.equal((await erase(packed, 'alice')).visits, 1);
    const [now, never] = [await answers(packed), await answers(`${packed}-without`)];
    assert.deepEqual(now.slice(0, -1), never.slice(0, -1));
    await restart();
    assert.deepEqual((await answers(packed)).slice(0, -1), never.slice(0, -1), 'on disk, too');
  });

  const late = `late-${shards}`;
  test(`what an erased person sent before changes nothing when it comes late, ${shards} shards`, async () => {
    for (const each of [late, `${late}-without`]) await others(each);
    await send(person(late));
    await erase(late, ID);
    const expected = await answers(`${late}-without`);
    // Sent again, from elsewhere, by a tracker that missed the replies.
    const again = async (when: string) => {
      const replies = await send(person(late), 101);
      assert.deepEqual(replies.map((reply) => [reply.accepted, reply.duplicate]), [[0, 1], [0, 2], [0, 2]], when);
    };
    await again('at once');
    await restart();
    await again('after a restart');
    // What happened before and never arrived.
    const [before] = await send([{ site: late, tab: tab(0xa1), first: 4, visitor: ID, events: [pageview('/never-seen', {}, -HOUR)] }]);
    assert.deepEqual(before.refused, [{ index: 0, reason: 'erased' }]);
    const rejects = await ask(`/api/v1/rejects?site_id=${late}`);
    assert.ok(!JSON.stringify(rejects).includes('never-seen'), 'a refusal for that reason is not kept');
    assert.deepEqual((await answers(late)).slice(0, -1), expected.slice(0, -1));
    // What they do afterwards is new.
    const [after] = await send([{ site: late, tab: tab(0xa9), visitor: ID, events: [pageview('/again')] }]);
    assert.equal(after.accepted, 1);
    assert.deepEqual(kinds(await kept(late, ID)), ['pageview']);
  });
}

async function restart(): Promise<void> {
  await collector.stop();
  await start();
}

test('who watches is shown at once what is left', { timeout: 30_000 }, async () => {
  const watcher = await Watcher.open(collector.url, 'watched');
  await send([
    { site: 'watched', tab: tab(1), events: [pageview('/other')] },
    { site: 'watched', tab: tab(0xa1), visitor: ID, events: [pageview('/person')] },
  ]);
  await watcher.until(() => watcher.scene!.visitors === 2);
  await erase('watched', ID);
  await watcher.until(() => watcher.scene!.visitors === 1);
  assert.deepEqual([watcher.scene!.pages.map(({ name }) => name), watcher.scene!.events.map(({ page }) => page)], [['/other'], ['/other']]);
  const another = await Watcher.open(collector.url, 'watched');
  assert.deepEqual(another.scene!.events.map(({ page }) => page), ['/other']);
  await Promise.all([watcher.close(), another.close()]);
});

test('an erasure that broke off goes on when the shard is woken', { timeout: 60_000 }, async () => {
  const site = 'broken-1';
  for (const each of [site, `${site}-without`]) await others(each);
  await send(person(site).slice(1));
  await collector.stop();
  // As a kill leaves it: begun, the alarm set. Nobody asks again.
  let begun = 0;
  databases(persist, /shard/i, (database, name) => {
    const theirs = sessions(database).find(({ body }) => body.includes('o1'));
    if (theirs === undefined || begun > 0 || database.prepare('SELECT COUNT(*) AS n FROM erased').get()?.['n'] !== 0) return;
    beginErasure(database, theirs.visitor, Date.now(), null);
    alarmNow(persist, database, name);
    begun++;
  });
  assert.equal(begun, 1);
  await start();
  const without = (await answers(`${site}-without`)).slice(0, -1);
  // Woken by itself: wait for what it does.
  for (;;) {
    const now = (await answers(site)).slice(0, -1);
    if (JSON.stringify(now) === JSON.stringify(without)) break;
    await aMoment();
  }
});

test('a visitor is named by 32 hex digits, a user by an id, and nothing else is asked', async () => {
  const of = 'site_id=id-1';
  const cases: [string, string][] = [[`/abc?${of}`, 'id'], [`/${ID}?${of}&user_id=x`, 'user_id'], [`?${of}`, 'user_id'], [`?${of}&user_id=`, 'user_id'], [`?${of}&user_id=${'x'.repeat(201)}`, 'user_id'], [`?${of}&user_id=x&colour=1`, 'colour'], [`/${ID}`, 'site_id']];
  for (const [url, parameter] of cases) {
    for (const method of ['GET', 'DELETE']) {
      const answer = await collector.request(`/api/v1/visitors${url}`, { method, headers: { authorization: `Bearer ${adminKey}` } });
      assert.deepEqual([answer.status, answer.json.parameter], [400, parameter], url);
    }
  }
});

test('a day is forgotten when as many days are over after it as the site keeps, and not a moment before', { timeout: 60_000 }, async () => {
  await others('keeps');
  const today = Math.floor(Date.now() / DAY);
  const before = await answers('keeps');
  const outcomes = await collector.outcomes('keeps');
  // All that was sent is of today and the day before.
  await collector.tidy('keeps', (today + 30) * DAY - 1);
  assert.deepEqual(await answers('keeps'), before);
  for (const at of [(today + 31) * DAY, (today + 31) * DAY]) {
    await collector.tidy('keeps', at);
    assert.equal((await collector.aggregate('visits', '', 'keeps'))['visits'], 0);
    assert.deepEqual(await ask('/api/v1/exits', { site_id: 'keeps', date_range: '7d' }), await ask('/api/v1/exits', { site_id: 'late-1-without', date_range: ['2001-01-01', '2001-01-02'] }));
  }
  assert.deepEqual(await collector.outcomes('keeps'), outcomes, 'what became of batches stays counted');
});
