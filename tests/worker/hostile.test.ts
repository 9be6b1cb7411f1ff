// Hostile strings come back as they were sent, or are refused by name and listed; hostile bodies are never a server error, on any
// route, and the next good request works.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { adminKey, Collector, pageview, root, aMoment } from '../support/collector.ts';
import { bodies, folder, large, missing, own, suite } from '../support/hostile.ts';

const persist = mkdtempSync(path.join(tmpdir(), 'passerby-'));
const authorised = { authorization: `Bearer ${adminKey}` };

/** Events that hold a string, each in another place; how long it may be there; and where the answer has it. */
const PLACES: Record<string, { event: (text: string) => object; most: number; mayBeEmpty?: true; told: (event: any) => unknown }> = {
  path: { event: (path) => ({ pageview: { path } }), most: 2048, told: ({ page }) => page },
  name: { event: (name) => ({ custom: { name } }), most: 200, told: ({ name }) => name },
  value: { event: (value) => ({ custom: { name: 'value', props: { value } } }), most: 512, mayBeEmpty: true, told: ({ details }) => details.value },
  key: { event: (key) => ({ custom: { name: 'key', props: Object.fromEntries([[key, 'a value']]) } }), most: 200, told: ({ details }) => Object.entries(details).find(([, value]) => value === 'a value')?.[0] },
  element: { event: (element) => ({ click: { element, text: 'at the element' } }), most: 200, told: ({ details }) => details.element },
  order: { event: (id) => ({ order: { id, total: { amount_minor: 100, currency: 'EUR' } } }), most: 200, told: ({ details }) => details.order },
  form: { event: (form) => ({ form_submit: { form } }), most: 200, told: ({ details }) => details.form },
  search: { event: (terms) => ({ search: { terms } }), most: 512, told: ({ details }) => details.terms },
};

/** What no answer tells as it was sent is looked for in what is stored, there behind the name of its place. */
const STORED: Record<string, { event: (text: string) => object; most: number }> = {
  title: { event: (title) => ({ pageview: { path: '/title', title } }), most: 512 },
  referrer: { event: (referrer) => ({ pageview: { path: '/referrer', referrer } }), most: 2048 },
  query: { event: (query) => ({ pageview: { path: '/query', query } }), most: 2048 },
  user: { event: (user) => ({ identify: { user } }), most: 200 },
};

// So many strings of a site as one answer has room for, of 1,000 events.
const OF_A_SITE = 80;
const OF_A_BATCH = 20;
const sets: Record<string, string[]> = { own, large: missing === false ? large() : [] };
const siteOf = (set: string, at: number) => `${set}-${Math.floor(at / OF_A_SITE)}`;
const sites = Object.fromEntries(Object.entries(sets).flatMap(([set, strings]) => strings.map((_, at) => [siteOf(set, at), { count_bots: true }])));

let collector: Collector;
before(async () => {
  collector = await Collector.start({ persist, sites: { ...sites, good: {}, listed: {} } });
});
after(async () => {
  await collector.stop();
  rmSync(persist, { recursive: true });
});

const bytes = (text: string) => Buffer.byteLength(text);
/** Why an event with this string must be refused there, if it must. */
const refusal = (text: string, most: number, mayBeEmpty = false) => (text === '' && !mayBeEmpty ? 'missing_field' : bytes(text) > most ? 'text_too_long' : undefined);

for (const [set, strings] of Object.entries(sets)) {
  const skip = set === 'large' ? missing : false;
  test(`${set} strings are told as they were sent, or refused by name`, { skip, timeout: 300_000 }, async () => {
    const places = Object.entries(PLACES);
    const ofSites = new Map<string, string[]>();
    for (const [at, text] of strings.entries()) ofSites.set(siteOf(set, at), [...(ofSites.get(siteOf(set, at)) ?? []), text]);
    for (const [site, texts] of ofSites) {
      const expected: { place: string; text: string }[] = [];
      for (let at = 0; at < texts.length; at += OF_A_BATCH) {
        const part = texts.slice(at, at + OF_A_BATCH);
        // Events of one time would be told in any order.
        const events = part.flatMap((text) => places.map(([, { event }]) => ({ after_ms: 1, ...event(text) })));
        const tab = (0x7000 + at).toString(16).padStart(16, '0');
        const answer = await collector.send({ site, tab, events: [{ ...pageview('/'), after_ms: (at - OF_A_SITE) * 1_000 }, ...events] });
        assert.equal(answer.status, 200, answer.text);
        const reasons = new Map(answer.json.refused.map(({ index, reason }: any) => [index, reason]));
        for (const [index, text] of part.flatMap((text) => places.map(() => text)).entries()) {
          const [place, { most, mayBeEmpty }] = places[index % places.length] as (typeof places)[number];
          const reason = refusal(text, most, mayBeEmpty);
          assert.equal(reasons.get(index + 1), reason, `${place}: ${JSON.stringify(text)}`);
          if (reason === undefined) expected.push({ place, text });
        }
      }
      const body = JSON.stringify({ site_id: site, date_range: '7d', limit: 1000 });
      const answer = await collector.request('/api/v1/events', { method: 'POST', headers: authorised, body });
      assert.equal(answer.status, 200, answer.text);
      // By the time they were said to have happened at.
      const told = answer.json.results.toReversed().filter(({ name, page }: any) => !(name === 'pageview' && page === '/'));
      assert.equal(told.length, expected.length);
      assert.deepEqual(expected.map(({ place }, at) => ({ place, text: PLACES[place]?.told(told[at]) ?? '' })), expected);
    }
  });

  test(`${set} strings as title, referrer and query are stored as they were sent, and do no harm to answers`, { skip, timeout: 300_000 }, async () => {
    const kept = new Map<string, string>();
    for (let at = 0; at < strings.length; at += OF_A_BATCH) {
      const events: object[] = [];
      for (const [number, text] of strings.slice(at, at + OF_A_BATCH).entries()) {
        for (const [place, { event, most }] of Object.entries(STORED)) {
          const label = `${place} ${at + number}:`;
          events.push(event(label + text));
          if (bytes(label + text) <= most) kept.set(label, text);
        }
        const value = encodeURIComponent(text).slice(0, 900);
        events.push(pageview('/utm', { query: `utm_source=${value}&utm_campaign=${value}`, referrer: text.slice(0, 500) }));
      }
      const answer = await collector.send({ site: siteOf(set, at), tab: (0x9000 + at).toString(16).padStart(16, '0'), events });
      assert.equal(answer.status, 200, answer.text);
    }
    for (const site of new Set(strings.map((_, at) => siteOf(set, at)))) {
      for (const property of ['visit:referrer', 'visit:source', 'visit:utm_source', 'visit:utm_campaign', 'event:page']) {
        const answer = await collector.read(`/api/v1/stats/breakdown?site_id=${site}&period=7d&property=${property}&limit=1000`);
        assert.equal(answer.status, 200, answer.text);
      }
    }
    await collector.stop();
    const rows = stored();
    const found = new Map([...rows.toString('latin1').matchAll(/(?:title|referrer|query|user) \d+:/g)].map(({ 0: label, index }) => [label, index + label.length]));
    collector = await Collector.start({ persist, sites: { ...sites, good: {}, listed: {} } });
    const differ = [...kept].filter(([label, text]) => {
      const at = found.get(label);
      return at === undefined || rows.toString('utf8', at, at + bytes(text)) !== text;
    });
    assert.deepEqual(differ, []);
  });
}

/** What the sessions' rows hold, while no collector runs. */
function stored(): Buffer {
  const found: Buffer[] = [];
  for (const file of readdirSync(persist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sqlite'))) {
    const database = new DatabaseSync(path.join(persist, file), { readOnly: true });
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND (name LIKE 'session_%' OR name LIKE 'further_%')").all();
    for (const { name } of tables) for (const { body } of database.prepare(`SELECT body FROM ${name}`).all()) found.push(Buffer.from(body as Uint8Array));
    database.close();
  }
  return Buffer.concat(found);
}

test('what is refused is listed with its reason and its beginning', async () => {
  const texts = ['x'.repeat(201), ''];
  for (const [at, text] of texts.entries()) {
    const answer = await collector.send({ site: 'listed', tab: `000000000000000${at + 1}`, events: [{ custom: { name: text } }] });
    assert.equal(answer.json.refused.length, 1);
  }
  const { json } = await collector.read('/api/v1/rejects?site_id=listed');
  assert.deepEqual(json.results.map(({ reason }: any) => reason).sort(), ['missing_field', 'text_too_long']);
  assert.ok(json.results.every(({ event }: any) => event.startsWith('{"after_ms":0,"custom":{"name":"')));
});

/** Every route that takes a body: of ingest by the code's own table, of the API by its description. */
function routes(): { method: string; route: string }[] {
  const source = readFileSync(path.join(root, 'adapters/src/route.rs'), 'utf8');
  const foreign = [...source.matchAll(/^ {4}\("(\/[^"]+)", Route::Events/gm)].map(([, route]) => route as string);
  assert.ok(foreign.length > 15);
  const { paths } = JSON.parse(readFileSync(path.join(root, 'edge-collector/src/openapi.json'), 'utf8'));
  const described = Object.entries(paths as Record<string, Record<string, { requestBody?: object }>>).flatMap(([route, methods]) =>
    Object.entries(methods).filter(([, { requestBody }]) => requestBody !== undefined).map(([method]) => ({ method: method.toUpperCase(), route: route.replaceAll(/\{\w+\}/g, 'x') })));
  assert.ok(described.length > 15);
  return [...['/x7/e', '/e/', ...foreign].map((route) => ({ method: 'POST', route })), ...described];
}

async function surviveAll(bodies: Record<string, string | Uint8Array>): Promise<void> {
  for (const { method, route } of routes()) {
    const all = Object.entries(bodies);
    for (let at = 0; at < all.length; at += 16) {
      await Promise.all(all.slice(at, at + 16).map(async ([name, body]) => {
        const answer = await collector.request(route, { method, body, headers: authorised });
        assert.ok(answer.status >= 200 && answer.status < 500, `${method} ${route}, ${name}: ${answer.status} ${answer.text}`);
      }));
    }
  }
  const before = (await collector.aggregate('events', '', 'good')).events ?? 0;
  const tab = (0xa000 + before).toString(16).padStart(16, '0');
  const next = await collector.send({ site: 'good', tab, events: [pageview('/')] });
  assert.deepEqual([next.status, next.json.accepted], [200, 1]);
  assert.equal((await collector.aggregate('events', '', 'good')).events, before + 1);
}

test('no body is a server error on any route, and the next good request works', { timeout: 120_000 }, () => surviveAll(bodies));

test('no file of the JSON test suite is a server error on any route', { skip: missing, timeout: 300_000 }, () => {
  const names = readdirSync(path.join(folder, 'json-test-suite')).filter((name) => name.endsWith('.json'));
  assert.ok(names.length > 300);
  return surviveAll(suite(names));
});

test('a question that asks for too much is refused by the name of what is too much', { timeout: 60_000 }, async () => {
  // The account's key may have asked all that it may by now: one that has asked nothing yet is made as soon as it may.
  const made = () => collector.request('/api/v1/sites/good/keys', { method: 'POST', headers: authorised, body: JSON.stringify({ kind: 'read', name: 'too much' }) });
  let key = await made();
  for (; key.status === 429; key = await made()) await aMoment();
  const headers = { authorization: `Bearer ${key.json.key}` };
  const ask = (filters: string) => collector.request('/api/v2/query', { method: 'POST', headers, body: `{"site_id":"good","metrics":["visitors"],"date_range":"7d","filters":${filters}}` });
  const clause = '["is","event:page",["/"]]';
  const many = Array.from({ length: 10_000 }, () => clause).join();
  const deep = (levels: number) => `[${'["not",'.repeat(levels)}${clause}${']'.repeat(levels)}]`;
  const wrong = [
    `[${many}]`, `[["and",[${many}]]]`, deep(100), deep(5_000),
    JSON.stringify([['is', 'event:page', Array.from({ length: 10_000 }, (_, n) => `/${n}`)]]),
    JSON.stringify([['matches', 'event:page', ['a'.repeat(501)]]]), JSON.stringify([['matches', 'event:page', ['((((a{99}){99}){99}){99})']]]),
  ];
  for (const filters of wrong) {
    const answer = await ask(filters);
    assert.ok([400, 413].includes(answer.status), answer.text);
    assert.ok(answer.json.detail.length <= 400 && /max_|too|most|limit|deep|recursion|size/i.test(answer.json.detail), answer.text);
  }
  const filters = encodeURIComponent(Array.from({ length: 500 }, () => 'event:page==/').join(';'));
  assert.ok((await collector.read(`/api/v1/stats/aggregate?site_id=good&filters=${filters}`)).status < 500);
});

test('of what was sent a problem quotes a part only, as JSON', async () => {
  const long = `\u001b[31m<b>\n${'x'.repeat(5_000)}`;
  const answers = [
    await collector.read(`/api/v1/stats/aggregate?site_id=good&${encodeURIComponent(long)}=1`),
    await collector.read(`/api/v1/stats/aggregate?site_id=${encodeURIComponent(long)}`),
    await collector.read(`/api/v1/${encodeURIComponent(long)}`),
    await collector.post(JSON.stringify({ [long]: 1 })),
    await collector.request('/api/v2/query', { method: 'POST', headers: authorised, body: JSON.stringify({ site_id: 'good', metrics: ['visitors'], date_range: '7d', [long]: 1 }) }),
    await collector.request('/api/v1/funnel', { method: 'POST', headers: authorised, body: JSON.stringify({ site_id: 'good', date_range: '7d', steps: [{ [long]: 1 }] }) }),
  ];
  for (const answer of answers) {
    assert.ok(answer.status >= 400 && answer.status < 500, answer.text.slice(0, 200));
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.ok(answer.text.length < 4_000, `${answer.text.length}`);
    assert.doesNotMatch(answer.text, /[\u0000-\u001f]/);
  }
});
