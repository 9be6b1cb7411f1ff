// Who may use which route: every route that needs a key, with every kind of key. A route that the API's description lists and
// this table does not fails the first test.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { type Answer, Collector, adminKey, pageview, aMoment } from '../support/collector.ts';
import { Watcher, protocols, refused } from '../support/watcher.ts';

/** What a route asks for: a site's reports, all of a site, to own the account; or all of that about no site. */
type Need = 'look' | 'read' | 'admin' | 'account';
type Route = { need: Need; body?: (site: string) => object; query?: string };

const asked = (more: object = {}) => (site: string) => ({ site_id: site, date_range: 'day', ...more });
const look = (more?: object): Route => ({ need: 'look', body: asked(more) });
const steps = [{ page: '/' }, { event: 'Signup' }];

/** A route with `{site}` in its path, or a question, is about a site; `{key}` is filled with one that there is not. */
const table: Record<string, Route> = {
  'POST /api/v2/query': look({ metrics: ['visitors'] }),
  'GET /api/v1/stats/aggregate': { need: 'look', query: 'period=day' },
  'GET /api/v1/stats/timeseries': { need: 'look', query: 'period=day' },
  'GET /api/v1/stats/breakdown': { need: 'look', query: 'period=day&property=visit:source' },
  'GET /api/v1/stats/realtime/visitors': { need: 'look', query: '' },
  'GET /api/v1/live': { need: 'look', query: '' },
  'POST /api/v1/funnel': look({ steps }),
  'POST /api/v1/retention': look(),
  'POST /api/v1/journey': look(),
  'POST /api/v1/exits': look(),
  'POST /api/v1/scroll': look(),
  'POST /api/v1/heatmap': look({ page: '/' }),
  'POST /api/v1/forms': look(),
  'POST /api/v1/properties': look(),
  'POST /api/v1/goals': look({ goals: [{ page: '/' }] }),
  'POST /api/v1/search': look(),
  'POST /api/v1/links': look(),
  'POST /api/v1/vitals': look(),
  'POST /api/v1/errors': look(),
  'POST /api/v1/revenue': look(),
  'POST /api/v1/events': look(),
  'GET /api/v1/outcomes': { need: 'read', query: '' },
  'GET /api/v1/rejects': { need: 'read', query: '' },
  'GET /api/v1/storage': { need: 'read', query: '' },
  'GET /api/v1/visitors': { need: 'admin', query: 'user_id=nobody' },
  'DELETE /api/v1/visitors': { need: 'admin', query: 'user_id=nobody' },
  'GET /api/v1/visitors/{id}': { need: 'admin', query: '' },
  'DELETE /api/v1/visitors/{id}': { need: 'admin', query: '' },
  'GET /api/v1/sites/{site}': { need: 'read' },
  'PATCH /api/v1/sites/{site}': { need: 'admin', body: () => ({}) },
  'DELETE /api/v1/sites/{site}': { need: 'admin' },
  'GET /api/v1/sites/{site}/keys': { need: 'admin' },
  'POST /api/v1/sites/{site}/keys': { need: 'admin', body: () => ({}) },
  'DELETE /api/v1/sites/{site}/keys/{key}': { need: 'admin' },
  'GET /api/v1/sites/{site}/saved': { need: 'look' },
  'PUT /api/v1/sites/{site}/saved/{kind}/{name}': { need: 'admin', body: () => ({}) },
  'DELETE /api/v1/sites/{site}/saved/{kind}/{name}': { need: 'admin' },
  'GET /api/v1/sites/{site}/audit': { need: 'admin' },
  'POST /api/v1/sites/{site}/import': { need: 'admin', body: () => ({ records: [] }) },
  'GET /api/v1/sites': { need: 'account' },
  'POST /api/v1/sites': { need: 'account', body: () => ({}) },
  'GET /api/v1/keys': { need: 'account' },
  'POST /api/v1/keys': { need: 'account', body: () => ({}) },
  'DELETE /api/v1/keys/{key}': { need: 'account' },
  'GET /api/v1/audit': { need: 'account' },
};

/** What is answered to whom: 401 to whoever has no good key of this, 403 to whoever has one for something less. */
const credentials = {
  'no key': { look: 401, read: 401, admin: 401, account: 401 },
  'a wrong key': { look: 401, read: 401, admin: 401, account: 401 },
  "another site's key": { look: 401, read: 401, admin: 401, account: 401 },
  "another site's token": { look: 401, read: 401, admin: 401, account: 403 },
  'a key of the wrong scope': { look: 403, read: 403, admin: 403, account: 401 },
  'a revoked key': { look: 401, read: 401, admin: 401, account: 401 },
  'a token of a revoked key': { look: 401, read: 401, admin: 401, account: 403 },
  'an expired key': { look: 401, read: 401, admin: 401, account: 401 },
  'a forged token': { look: 401, read: 401, admin: 401, account: 401 },
  'a share link': { look: 200, read: 403, admin: 403, account: 401 },
  'a token of a share link': { look: 200, read: 403, admin: 403, account: 403 },
  'a read key': { look: 200, read: 200, admin: 403, account: 401 },
  'a token of a read key': { look: 200, read: 200, admin: 403, account: 403 },
  'an admin key': { look: 200, read: 200, admin: 200, account: 200 },
  'a token of an admin key': { look: 200, read: 200, admin: 200, account: 200 },
  'the secret': { look: 200, read: 200, admin: 200, account: 200 },
} satisfies Record<string, Record<Need, number>>;
type Credential = keyof typeof credentials;

const variable = 'shop.example';
const made = 'made.example';
let collector: Collector;
/** By site. */
const shown: Record<string, Record<Credential, string>> = {};

const send = (method: string, url: string, key: string, body?: object): Promise<Answer> =>
  collector.request(url, { method, headers: key === '' ? {} : { authorization: `Bearer ${key}` }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

async function answered(status: number, method: string, url: string, key: string, body?: object): Promise<any> {
  const answer = await send(method, url, key, body);
  assert.equal(answer.status, status, `${method} ${url}: ${answer.text}`);
  return answer.json;
}

const keyOf = (site: string, more: object) => answered(201, 'POST', `/api/v1/sites/${site}/keys`, adminKey, { name: 'a test', ...more });
const tokenOf = async (key: string, body: object): Promise<string> => (await answered(200, 'POST', '/api/v1/token', key, body)).token;

before(async () => {
  collector = await Collector.start();
  await answered(201, 'POST', '/api/v1/sites', adminKey, { site_id: made });
  const admin = await answered(201, 'POST', '/api/v1/keys', adminKey, { name: 'a test' });
  const another = await keyOf('berlin.example', { kind: 'read' });
  let expires_ms = 0;
  for (const site of [variable, made]) {
    await collector.send({ site, events: [pageview('/')] });
    const [read, share, ingest, revoked, expired] = [
      await keyOf(site, { kind: 'read' }),
      await keyOf(site, { kind: 'share' }),
      await keyOf(site, { kind: 'ingest' }),
      await keyOf(site, { kind: 'read' }),
      await keyOf(site, { kind: 'read', expires_ms: (expires_ms = Date.now() + 2000) }),
    ];
    const tokenOfRevoked = await tokenOf(revoked.key, { site_id: site });
    await answered(204, 'DELETE', `/api/v1/sites/${site}/keys/${revoked.id}`, adminKey);
    const tokenOfRead = await tokenOf(read.key, { site_id: site });
    shown[site] = {
      'no key': '',
      'a wrong key': `passerby_admin_${'0'.repeat(64)}`,
      "another site's key": another.key,
      "another site's token": await tokenOf(another.key, { site_id: 'berlin.example' }),
      'a key of the wrong scope': ingest.key,
      'a revoked key': revoked.key,
      'a token of a revoked key': tokenOfRevoked,
      'an expired key': expired.key,
      'a forged token': tokenOfRead.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      'a share link': share.key,
      'a token of a share link': await tokenOf(share.key, { site_id: site }),
      'a read key': read.key,
      'a token of a read key': tokenOfRead,
      'an admin key': admin.key,
      'a token of an admin key': await tokenOf(admin.key, { reach: 'admin' }),
      'the secret': adminKey,
    };
  }
  // The Worker's clock stands still within a request, so ours may be ahead of it, never behind.
  while (Date.now() < expires_ms + 50) await aMoment();
});
after(() => collector.stop());

test('the table has every route that needs a key, and no other', () => {
  const openapi = new URL('../../edge-collector/src/openapi.json', import.meta.url);
  const { paths } = JSON.parse(readFileSync(openapi, 'utf8')) as { paths: Record<string, Record<string, { security: object[] }>> };
  const routes = Object.entries(paths).flatMap(([path, operations]) => Object.entries(operations).map(([method, { security }]) => ({ route: `${method.toUpperCase()} ${path}`, security })));
  const isOpen = (security: object[]) => security.length === 0 || security.some((one) => Object.keys(one).length === 0);
  assert.deepEqual(routes.filter(({ security }) => isOpen(security)).map(({ route }) => route).sort(), ['GET /api/openapi.json', 'POST /api/v1/token', 'POST /e']);
  assert.deepEqual(Object.keys(table).sort(), routes.filter(({ security }) => !isOpen(security)).map(({ route }) => route).sort());
});

for (const site of [variable, made]) {
  for (const [name, { need, body, query }] of Object.entries(table)) {
    test(`${name} of ${site}`, async () => {
      const [method, path] = name.split(' ') as [string, string];
      const changes = method !== 'GET' && need !== 'look';
      const url = `${path.replace('{site}', site).replace('{key}', '0000000000000000').replace('{id}', '0'.repeat(32)).replace('{kind}/{name}', 'goals/Nothing')}${query === undefined ? '' : `?site_id=${site}&${query}`}`.replace(/[&?]$/, '');
      const answers = await Promise.all(Object.entries(credentials).map(async ([credential, statuses]) => {
        // Whoever may delete the site would.
        if (name === 'DELETE /api/v1/sites/{site}' && site === made && statuses[need] === 200) return undefined;
        return { credential, expected: statuses[need], answer: await send(method, url, shown[site]![credential as Credential], body?.(site)) };
      }));
      for (const { credential, expected, answer } of answers.filter((one) => one !== undefined)) {
        const what = `${credential}: ${answer.status} ${answer.text.slice(0, 300)}`;
        // Whether somebody may change something is told by another refusal: nothing here is a good change.
        if (expected === 200 && changes) assert.ok([200, 400, 404, 409].includes(answer.status), what);
        // A socket is what is needed then.
        else assert.equal(answer.status, expected === 200 && name === 'GET /api/v1/live' ? 426 : expected, what);
        if (expected === 401) assert.equal(answer.headers.get('www-authenticate'), 'Bearer', what);
        if (expected === 403) assert.equal(answer.json.type, 'urn:passerby:problem:forbidden', what);
        assert.equal(answer.headers.get('access-control-allow-origin'), null, what);
      }
    });
  }
}

test('whoever has no key of a site does not learn whether there is such a site', async () => {
  const [here, nowhere] = await Promise.all([variable, 'nobody.example'].map((site) => send('GET', `/api/v1/sites/${site}`, shown[made]!['a read key'])));
  assert.deepEqual([here!.status, here!.json], [nowhere!.status, nowhere!.json]);
  assert.equal((await send('GET', '/api/v1/sites/nobody.example', adminKey)).status, 404);
});

test('a token reaches no further than its key, and as far as was asked for', async () => {
  const read = shown[variable]!['a read key'];
  const given = await answered(200, 'POST', '/api/v1/token', read, { site_id: variable });
  assert.equal(given.reach, 'read');
  assert.ok(given.expires_ms > Date.now() && given.expires_ms <= Date.now() + 600_000);
  assert.match(given.token, /^passerby_token_[0-9a-f]+$/);
  const less = await tokenOf(read, { site_id: variable, reach: 'look' });
  assert.equal((await send('GET', `/api/v1/rejects?site_id=${variable}`, less)).status, 403);
  assert.equal((await send('POST', '/api/v1/token', read, { site_id: variable, reach: 'admin' })).status, 403);
  assert.equal((await send('POST', '/api/v1/token', shown[variable]!['a key of the wrong scope'], { site_id: variable })).status, 403);
  assert.equal((await send('POST', '/api/v1/token', read, { site_id: made })).status, 401);
  assert.equal((await send('POST', '/api/v1/token', '', { site_id: variable })).status, 401);
  assert.equal((await send('POST', '/api/v1/token', '', { site_id: 'nobody.example' })).status, 401);
  assert.equal((await send('POST', '/api/v1/token', '', { reach: 'admin' })).status, 401);
  for (const token of [less, given.token, await tokenOf(adminKey, { reach: 'admin' })]) {
    const refused = await send('POST', '/api/v1/token', token, { site_id: variable });
    assert.equal(refused.status, 403, 'a stolen token would else last as long as its key');
  }
});

test('a socket that a key has opened ends with the key', { timeout: 30_000 }, async () => {
  const { key, id } = await keyOf(made, { kind: 'share' });
  const token = await tokenOf(key, { site_id: made });
  const watchers = [key, token].map((shown) => new Watcher(collector.url, made, { key: shown }));
  for (const watcher of watchers) await watcher.until(() => watcher.frames.length > 0);
  await answered(204, 'DELETE', `/api/v1/sites/${made}/keys/${id}`, adminKey);
  for (const watcher of watchers) {
    await watcher.until(() => watcher.closed !== undefined);
    assert.equal(watcher.closed?.code, 1012);
  }
  for (const shown of [key, token]) {
    const headers = { 'sec-websocket-protocol': protocols(shown).join(', ') };
    assert.deepEqual(await refused(`${collector.url}/api/v1/live?site_id=${made}`, headers), [401, 'unauthorized']);
  }
});

test("a public site's reports are for everybody, and nothing else of it is", async () => {
  await answered(201, 'POST', '/api/v1/sites', adminKey, { site_id: 'public.example', public: true });
  const given = await answered(200, 'POST', '/api/v1/token', '', { site_id: 'public.example' });
  assert.equal(given.reach, 'look');
  const visitors = (token: string) => send('GET', '/api/v1/stats/aggregate?site_id=public.example', token);
  assert.equal((await visitors(given.token)).status, 200);
  assert.equal((await visitors('')).status, 401);
  assert.equal((await send('GET', '/api/v1/rejects?site_id=public.example', given.token)).status, 403);
  assert.equal((await send('POST', '/api/v1/token', '', { site_id: 'public.example', reach: 'read' })).status, 403);
  await answered(200, 'PATCH', '/api/v1/sites/public.example', adminKey, { public: false });
  assert.equal((await visitors(given.token)).status, 401, 'not when it is public no more');
});

test('a key that is used too much is limited, told so in the standard headers, and no other is', async () => {
  const { key } = await keyOf(variable, { kind: 'read' });
  const first = await send('GET', `/api/v1/sites/${variable}`, key);
  assert.equal(first.headers.get('ratelimit-policy'), '"reads";q=600;w=10');
  assert.match(first.headers.get('ratelimit') ?? '', /^"reads";r=599;t=1$/);
  let limited: Answer | undefined;
  for (let asked = 0; limited === undefined && asked < 3000; asked += 100) {
    const answers = await Promise.all(Array.from({ length: 100 }, () => send('GET', `/api/v1/sites/${variable}`, key)));
    limited = answers.find(({ status }) => status === 429);
    assert.ok(answers.every(({ status }) => status === 200 || status === 429));
  }
  assert.ok(limited, 'it was limited');
  assert.equal(limited.json.type, 'urn:passerby:problem:limited');
  assert.equal(limited.headers.get('retry-after'), '1');
  assert.equal(limited.headers.get('ratelimit'), '"reads";r=0;t=1');
  assert.equal((await send('GET', `/api/v1/sites/${variable}`, shown[variable]!['a read key'])).status, 200);
  while ((await collector.outcomes())['request:limited'] === undefined) await aMoment();
});

test('answers, refusals and preflights carry the headers that keep browsers from guessing, framing and telling', async () => {
  const answers = [
    await send('GET', '/api/openapi.json', ''),
    await send('GET', '/api/v1/sites', adminKey),
    await send('GET', '/api/v1/sites', ''),
    await send('GET', '/nothing', ''),
    await send('OPTIONS', '/api/v1/sites', ''),
    await send('OPTIONS', '/e', ''),
    await collector.send({ events: [] }),
    await collector.post('{'),
    await send('GET', '/decide', ''),
  ];
  for (const { headers, status } of answers) {
    assert.equal(headers.get('x-content-type-options'), 'nosniff', `${status}`);
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'; frame-ancestors 'none'/);
    assert.equal(headers.get('x-frame-options'), 'DENY');
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
  }
});

test('pages of other origins read only a site that names them, with a key, and never with credentials', async () => {
  const friend = 'https://friend.example';
  await answered(201, 'POST', '/api/v1/sites', adminKey, { site_id: 'open.example', origins: [friend] });
  const from = (origin: string, site: string, method = 'GET', headers: Record<string, string> = { authorization: `Bearer ${adminKey}` }) =>
    collector.request(`/api/v1/sites/${site}`, { method, headers: { origin, ...headers } });
  const allowed = async (answer: Promise<Answer>) => {
    const { headers } = await answer;
    assert.equal(headers.get('access-control-allow-credentials'), null);
    assert.match(headers.get('vary') ?? '', /Origin/);
    return headers.get('access-control-allow-origin');
  };
  assert.equal(await allowed(from(friend, 'open.example')), friend);
  assert.equal(await allowed(from(friend, variable)), null);
  assert.equal(await allowed(from('https://stranger.example', 'open.example')), null);
  assert.equal(await allowed(from('null', 'open.example')), null);
  const preflight = { 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'authorization' };
  const asked = await from(friend, 'open.example', 'OPTIONS', preflight);
  assert.equal(asked.status, 204);
  assert.equal(asked.headers.get('access-control-allow-origin'), friend);
  assert.match(asked.headers.get('access-control-allow-methods') ?? '', /GET, HEAD, PATCH, DELETE/);
  assert.match(asked.headers.get('access-control-allow-headers') ?? '', /Authorization/);
  assert.equal(await allowed(from('https://stranger.example', 'open.example', 'OPTIONS', preflight)), null);
});
