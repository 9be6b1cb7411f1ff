// Sites made over the API: what is settled of them holds, who changed what is written down, and what is deleted is gone.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { type Answer, Collector, adminKey, browser, custom, pageview } from '../support/collector.ts';
import { alarmNow, databases } from '../support/databases.ts';
import { closing, entry } from '../support/objects.ts';

const persist = mkdtempSync(path.join(tmpdir(), 'passerby-'));
let collector: Collector;
const start = async () => (collector = await Collector.start({ persist }));
before(start);
after(async () => {
  await collector.stop();
  rmSync(persist, { recursive: true });
});

const ask = (method: string, url: string, body?: object, key = adminKey): Promise<Answer> =>
  collector.request(url, { method, headers: { authorization: `Bearer ${key}` }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

async function answered(status: number, method: string, url: string, body?: object, key?: string): Promise<any> {
  const answer = await ask(method, url, body, key);
  assert.equal(answer.status, status, `${method} ${url}: ${answer.text}`);
  return answer.json;
}

const make = (site_id: string, settings: object = {}) => answered(201, 'POST', '/api/v1/sites', { site_id, ...settings });
const change = (site: string, settings: object) => answered(200, 'PATCH', `/api/v1/sites/${site}`, settings);
const keyOf = (site: string, kind: string, name = 'a test') => answered(201, 'POST', `/api/v1/sites/${site}/keys`, { kind, name });
const reason = (answer: Answer) => [answer.status, answer.json.type.replace('urn:passerby:problem:', '')];

test('a site that was made counts, as its settings say, and is listed beside those of the variable', async () => {
  const told = await make('settled.example', { hosts: ['settled.example'], time_zone: 'Asia/Seoul', shards: 4, retention_days: 30, count_bots: true });
  assert.equal(told.origin, 'api');
  assert.deepEqual([told.time_zone, told.shards, told.retention_days, told.count_bots, told.public], ['Asia/Seoul', 4, 30, true, false]);
  assert.deepEqual(await answered(200, 'GET', '/api/v1/sites/settled.example'), told);
  const sent = await collector.send({ site: 'settled.example', events: [pageview('/'), pageview('/', { host: 'elsewhere.example' })] }, { 'user-agent': 'curl/8' });
  assert.equal(sent.json.accepted, 1, 'a program counts');
  assert.equal(sent.json.refused.length, 1, 'another host does not');
  assert.equal((await answered(200, 'GET', '/api/v1/storage?site_id=settled.example')).results.length, 4);
  const { results } = await answered(200, 'GET', '/api/v1/sites');
  const origins = Object.fromEntries(results.map(({ site_id, origin }: any) => [site_id, origin]));
  assert.deepEqual([origins['settled.example'], origins['shop.example']], ['api', 'variable']);
  assert.ok(!JSON.stringify(results).includes('server_keys'));
});

test('a site whose settings could not be written is made by being made once more', async () => {
  await collector.tell('DIRECTORY', 'account', 'enter', entry('begun.example'));
  // Isolates know it in some seconds; one that makes another site knows it at once.
  await make('beside.example');
  assert.equal((await collector.send({ site: 'begun.example', events: [pageview('/')] })).status, 404);
  const { results } = await answered(200, 'GET', '/api/v1/sites');
  assert.ok(results.some(({ site_id }: any) => site_id === 'begun.example'), 'it is listed');
  assert.equal((await make('begun.example', { count_bots: true })).count_bots, true);
  assert.equal((await collector.send({ site: 'begun.example', events: [pageview('/')] })).json.accepted, 1);
  assert.deepEqual(reason(await ask('POST', '/api/v1/sites', { site_id: 'begun.example' })), [409, 'conflict']);
});

test('a change holds for the next batch; what is taken back is as at first; shards stay', async () => {
  await make('changing.example', { count_bots: false });
  const send = async () => (await collector.send({ site: 'changing.example', tab: '00000000000000c1', first: 0, events: [pageview('/')] }, { 'user-agent': 'curl/8' })).json.accepted;
  assert.equal(await send(), 0);
  assert.equal((await change('changing.example', { count_bots: true, time_zone: 'Europe/Berlin' })).count_bots, true);
  assert.equal(await send(), 1);
  const back = await change('changing.example', { time_zone: null });
  assert.deepEqual([back.time_zone, back.count_bots], ['Etc/UTC', true]);
  const refused = await ask('PATCH', '/api/v1/sites/changing.example', { shards: 16 });
  assert.deepEqual([...reason(refused), refused.json.path], [400, 'bad_parameter', 'shards']);
});

test('what is wrong in settings is named with its place, and nothing is kept of it', async () => {
  const wrong: [object, string][] = [
    [{ site_id: 'Wrong.example' }, 'site_id'],
    [{ site_id: 'a/b' }, 'site_id'],
    [{ site_id: '' }, 'site_id'],
    [{}, 'site_id'],
    [{ site_id: 'wrong.example', colour: 'red' }, 'colour'],
    [{ site_id: 'wrong.example', shards: 3 }, 'shards'],
    [{ site_id: 'wrong.example', time_zone: 'Europe/Nowhere' }, 'time_zone'],
    [{ site_id: 'wrong.example', hosts: ['a', 7] }, 'hosts[1]'],
    [{ site_id: 'wrong.example', retention_days: 0 }, 'retention_days'],
    [{ site_id: 'wrong.example', origins: ['https://a.example/path'] }, 'origins[0]'],
    [{ site_id: 'wrong.example', goals: { Paid: { colour: 1 } } }, 'goals.Paid.colour'],
    [{ site_id: 'wrong.example', segments: { Some: [['is', 'visit:mood', ['good']]] } }, 'segments.Some[0][1]'],
    [{ site_id: 'wrong.example', funnels: { One: { steps: [{ page: '/' }] } } }, 'funnels.One.steps'],
    [{ site_id: 'wrong.example', segments: { Some: [] }, filters: [['is', 'segment', ['Nobody']]] }, 'filters[0][2][0]'],
  ];
  for (const [body, place] of wrong) {
    const answer = await ask('POST', '/api/v1/sites', body);
    assert.deepEqual([...reason(answer), answer.json.path], [400, 'bad_parameter', place], answer.text);
  }
  assert.equal((await collector.send({ site: 'wrong.example', events: [] })).status, 404);
  assert.equal((await collector.request('/api/v1/sites', { method: 'POST', headers: { authorization: `Bearer ${adminKey}` }, body: '{' })).status, 400);
  assert.deepEqual(reason(await ask('POST', '/api/v1/sites', { site_id: 'wrong.example', note: 'x'.repeat(70_000) })), [413, 'too_large']);
});

test('a name and an alias are one site’s only, and a site of the variable is changed in the variable', async () => {
  await make('first.example', { aliases: ['phc_first'] });
  assert.deepEqual(reason(await ask('POST', '/api/v1/sites', { site_id: 'first.example' })), [409, 'conflict']);
  assert.deepEqual(reason(await ask('POST', '/api/v1/sites', { site_id: 'second.example', aliases: ['phc_first'] })), [409, 'conflict']);
  assert.deepEqual(reason(await ask('POST', '/api/v1/sites', { site_id: 'second.example', aliases: ['shop.example'] })), [409, 'conflict']);
  assert.deepEqual(reason(await ask('POST', '/api/v1/sites', { site_id: 'shop.example' })), [409, 'of_variable']);
  assert.deepEqual(reason(await ask('PATCH', '/api/v1/sites/shop.example', { count_bots: true })), [409, 'of_variable']);
  assert.deepEqual(reason(await ask('DELETE', '/api/v1/sites/shop.example')), [409, 'of_variable']);
});

test('goals, segments, funnels and filters that are saved hold in every question', async () => {
  await make('asking.example', {
    goals: { Newsletter: { event: 'Signup' } },
    segments: { Readers: [['has_done', ['is', 'event:page', ['/blog']]]] },
    funnels: { Joining: { steps: [{ page: '/blog' }, { goal: 'Newsletter' }] } },
  });
  const visit = (tab: string, address: string, events: object[]) => collector.send({ site: 'asking.example', tab, events }, { 'cf-connecting-ip': address });
  await visit('00000000000000d1', '192.0.2.1', [pageview('/blog', {}, -3000), custom('Signup', 1000)]);
  await visit('00000000000000d2', '192.0.2.2', [pageview('/', {}, -2000), pageview('/internal', {}, 1000)]);
  const query = async (filters: unknown[]) => {
    const body = { site_id: 'asking.example', date_range: '7d', metrics: ['visitors'], filters };
    return (await answered(200, 'POST', '/api/v2/query', body)).results[0].metrics[0];
  };
  const pages = async () => (await answered(200, 'GET', '/api/v1/stats/aggregate?site_id=asking.example&period=7d&metrics=pageviews')).results.pageviews.value;
  assert.equal(await query([['is', 'event:goal', ['Newsletter']]]), 1);
  assert.equal(await query([['is', 'segment', ['Readers']]]), 1);
  const range = { site_id: 'asking.example', date_range: '7d' };
  const funnel = await answered(200, 'POST', '/api/v1/funnel', { ...range, funnel: 'Joining' });
  assert.deepEqual(funnel, await answered(200, 'POST', '/api/v1/funnel', { ...range, steps: [{ page: '/blog' }, { goal: 'Newsletter' }] }));
  assert.deepEqual([(await ask('POST', '/api/v1/funnel', { ...range, funnel: 'Nothing' })).json.path, (await ask('POST', '/api/v1/funnel', { ...range, funnel: 'Joining', by: 'session' })).json.path], ['funnel', 'by']);
  assert.equal(await pages(), 3);
  assert.equal(await query([]), 2);
  await change('asking.example', { filters: [['is_not', 'event:page', ['/internal']]] });
  assert.equal(await pages(), 2);
  await change('asking.example', { filters: [['is', 'segment', ['Readers']]] });
  assert.equal(await query([]), 1);
  assert.equal(await query([['is', 'event:page', ['/']]]), 0);
  const exits = await answered(200, 'POST', '/api/v1/exits', range);
  assert.ok(!JSON.stringify(exits).includes('/internal'));
});

test('an ingest key names its site to clients that have no other name for it, and its word counts until it is revoked', async () => {
  await make('served.example', { aliases: ['G-SERVED'] });
  const { key, id } = await keyOf('served.example', 'ingest');
  const track = (write: string, address: string) => collector.request('/v1/track', {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${write}:`).toString('base64')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'track', event: 'Signup', anonymousId: `a-${address}`, context: { ip: address, userAgent: browser } }),
  });
  const accepted = async () => (await collector.outcomes('served.example'))['accepted'] ?? 0;
  assert.equal((await track(key, '198.51.100.1')).status, 200);
  assert.equal((await track('G-SERVED', '198.51.100.2')).status, 200, 'an alias names it, too');
  assert.equal(await accepted(), 2);
  await answered(204, 'DELETE', `/api/v1/sites/served.example/keys/${id}`);
  assert.equal((await track(key, '198.51.100.3')).status, 404);
  assert.equal(await accepted(), 2);
  assert.equal((await ask('GET', '/api/v1/stats/aggregate?site_id=served.example', undefined, key)).status, 401);
});

test('a key is shown once, listed without itself, with when it was last used, and a link holds it where no server sees it', async () => {
  await make('keys.example');
  const read = await keyOf('keys.example', 'read', 'for the board');
  assert.match(read.key, /^passerby_read_[0-9a-f]{64}$/);
  const share = await keyOf('keys.example', 'share');
  assert.equal(share.link, `http://collector.test/?site=keys.example#key=${share.key}`);
  const list = async () => (await answered(200, 'GET', '/api/v1/sites/keys.example/keys')).results;
  const listed = await list();
  assert.deepEqual(listed.map(({ id, kind, name, used_ms }: any) => [id, kind, name, used_ms]), [[read.id, 'read', 'for the board', null], [share.id, 'share', 'a test', null]]);
  for (const { key } of [read, share]) assert.ok(!JSON.stringify(listed).includes(key));
  const written = async () => (await answered(200, 'GET', '/api/v1/sites/keys.example', undefined, read.key)) && (await list())[0].used_ms;
  let used = await written();
  while (used === null) used = await written();
  assert.ok(used <= Date.now() && used > Date.now() - 60_000);
  for (let again = 0; again < 5; again++) assert.equal(await written(), used, 'once a minute');
  assert.deepEqual(reason(await ask('DELETE', '/api/v1/sites/keys.example/keys/0000000000000000')), [404, 'not_found']);
  assert.deepEqual((await ask('POST', '/api/v1/sites/keys.example/keys', { kind: 'admin', name: 'x' })).json.path, 'kind');
  assert.deepEqual((await ask('POST', '/api/v1/sites/keys.example/keys', { kind: 'read', name: 'x', expires_ms: 1 })).json.path, 'expires_ms');
  assert.deepEqual((await ask('POST', '/api/v1/sites/keys.example/keys', { kind: 'read' })).json.path, 'name');
});

test('who changed what is written down, by site and of the account', async () => {
  const { key, id } = await answered(201, 'POST', '/api/v1/keys', { name: 'Ada' });
  await answered(201, 'POST', '/api/v1/sites', { site_id: 'audited.example' }, key);
  await answered(200, 'PATCH', '/api/v1/sites/audited.example', { count_bots: true }, key);
  const made = await answered(201, 'POST', '/api/v1/sites/audited.example/keys', { kind: 'read', name: 'board' }, key);
  await answered(204, 'DELETE', `/api/v1/sites/audited.example/keys/${made.id}`);
  const of = async (url: string) => (await answered(200, 'GET', url)).results.map(({ who, action, what }: any) => [who, action, what]);
  const ada = `admin key "Ada", ${id}`;
  const secret = 'the secret PASSERBY_ADMIN_KEY';
  assert.deepEqual(await of('/api/v1/sites/audited.example/audit'), [
    [secret, 'key.revoke', `read key "board", ${made.id}`],
    [ada, 'key.make', `read key "board", ${made.id}`],
    [ada, 'site.change', 'audited.example: count_bots'],
    [ada, 'site.make', 'audited.example: '],
  ]);
  await answered(204, 'DELETE', `/api/v1/keys/${id}`);
  assert.equal((await ask('GET', '/api/v1/sites', undefined, key)).status, 401);
  const account = await of('/api/v1/audit');
  assert.deepEqual(account[0], [secret, 'key.revoke', `admin key "Ada", ${id}`]);
  assert.ok(account.some(([who, action]: string[]) => who === ada && action === 'site.change'));
  assert.ok((await answered(200, 'GET', '/api/v1/sites/audited.example/audit')).results.every(({ at_ms }: any) => at_ms <= Date.now() && at_ms > Date.now() - 60_000));
});

/** What is left of a minute and some seconds, in which isolates that cannot ask anew may go on, until deleted sites are emptied. */
async function untilDeletedSitesAreDue(): Promise<number[]> {
  await collector.stop();
  const left: number[] = [];
  databases(persist, /site/i, (database, name) => {
    if (database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'emptying'").get() === undefined) return;
    const row = database.prepare('SELECT body FROM emptying').get();
    if (row === undefined) return;
    const emptying = JSON.parse(String(row['body']));
    left.push(emptying.at_ms - Date.now());
    database.prepare('UPDATE emptying SET body = ?').run(JSON.stringify({ ...emptying, at_ms: Date.now() }));
    alarmNow(persist, database, name);
  });
  await start();
  return left;
}

test('a deleted site is unknown at once, emptied soon, and another one may have its name', { timeout: 30_000 }, async () => {
  await make('gone.example', { shards: 4 });
  const { key } = await keyOf('gone.example', 'read');
  const send = (path: string) => Promise.all(Array.from({ length: 8 }, (_, n) => collector.send({ site: 'gone.example', tab: `00000000000000e${n}`, events: [pageview(path)] }, { 'cf-connecting-ip': `192.0.2.${n + 10}` })));
  assert.ok((await send('/a-secret-page')).every(({ json }) => json.accepted === 1));
  assert.equal((await collector.aggregate('pageviews', '', 'gone.example')).pageviews, 8);
  // Of another the deletion broke off after its first step.
  await make('broken-off.example');
  await collector.tell('DIRECTORY', 'account', 'close', closing('broken-off.example'));
  assert.deepEqual(await answered(202, 'DELETE', '/api/v1/sites/gone.example'), { site_id: 'gone.example', state: 'emptying' });
  assert.deepEqual(reason((await send('/late'))[0]!), [404, 'unknown_site']);
  assert.equal((await ask('GET', '/api/v1/stats/aggregate?site_id=gone.example', undefined, key)).status, 401);
  assert.equal((await ask('GET', '/api/v1/sites/gone.example')).status, 404);
  assert.equal((await ask('DELETE', '/api/v1/sites/gone.example')).status, 202, 'it goes on');
  assert.ok(!(await answered(200, 'GET', '/api/v1/sites')).results.some(({ site_id }: any) => site_id === 'gone.example'));
  assert.deepEqual(reason(await ask('POST', '/api/v1/sites', { site_id: 'broken-off.example' })), [409, 'conflict']);
  await answered(202, 'DELETE', '/api/v1/sites/broken-off.example');
  const left = await untilDeletedSitesAreDue();
  assert.equal(left.length, 2);
  // An isolate that cannot reach the directory goes on with what it knows for a minute.
  assert.ok(left.every((ms) => ms > 55_000 && ms < 66_000), `${left}`);
  // The name is free once all is empty.
  let again = await ask('POST', '/api/v1/sites', { site_id: 'gone.example' });
  while (again.status === 409) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    again = await ask('POST', '/api/v1/sites', { site_id: 'gone.example' });
  }
  assert.equal(again.status, 201, again.text);
  assert.equal(again.json.shards, 1);
  while ((await ask('POST', '/api/v1/sites', { site_id: 'broken-off.example' })).status === 409) await new Promise((resolve) => setTimeout(resolve, 250));
  assert.equal((await ask('DELETE', '/api/v1/sites/never.example')).status, 404);
  assert.equal((await collector.aggregate('pageviews', '', 'gone.example')).pageviews, 0);
  assert.ok((await send('/anew')).every(({ json }) => json.accepted === 1));
  assert.equal((await collector.aggregate('pageviews', '', 'gone.example')).pageviews, 8);
  assert.deepEqual((await answered(200, 'GET', '/api/v1/sites/gone.example/keys')).results, []);
});

// The last: it stops the collector, so that all that it holds is in its files.
test('no file holds a key, nor what a deleted site held', async () => {
  const kept = await keyOf('keys.example', 'read', 'a name that is kept');
  await collector.stop();
  const files = readdirSync(persist, { recursive: true, encoding: 'utf8' }).map((file) => path.join(persist, file)).filter((file) => statSync(file).isFile());
  const holds = (text: string) => files.filter((file) => readFileSync(file).includes(text));
  assert.notDeepEqual(holds('a name that is kept'), [], 'this would find what is stored');
  assert.deepEqual(holds(kept.key.slice('passerby_read_'.length)), []);
  assert.deepEqual(holds(kept.key), []);
  assert.deepEqual(holds('/a-secret-page'), []);
  assert.notDeepEqual(holds('/anew'), []);
});
