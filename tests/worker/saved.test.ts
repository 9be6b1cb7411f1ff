// What a site saves by name: put, listed, asked by, taken out; of a site that was made over the API, and of one of the variable.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { type Answer, Collector, adminKey, custom, pageview, type SiteSettings } from '../support/collector.ts';

const variable = 'shop.example';
const made = 'made.example';
const declared: SiteSettings = { goals: { Declared: { event: 'Signup' } }, filters: [['is_not', 'event:page', ['/internal']]] };
const persist = mkdtempSync(path.join(tmpdir(), 'passerby-'));
let collector: Collector;

before(async () => {
  collector = await Collector.start({ persist, sites: { [variable]: declared } });
  await answered(201, 'POST', '/api/v1/sites', { site_id: made });
  for (const site of [variable, made]) {
    const visit = (tab: string, address: string, events: object[]) => collector.send({ site, tab, events }, { 'cf-connecting-ip': address });
    await visit('00000000000000a1', '192.0.2.1', [pageview('/', {}, -3000), pageview('/blog', {}, 1000), custom('Signup', 1000)]);
    await visit('00000000000000a2', '192.0.2.2', [pageview('/', {}, -2000)]);
  }
});
after(async () => {
  await collector.stop();
  rmSync(persist, { recursive: true });
});

const ask = (method: string, url: string, body?: unknown, key = adminKey): Promise<Answer> =>
  collector.request(url, { method, headers: { authorization: `Bearer ${key}` }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

async function answered(status: number, method: string, url: string, body?: unknown): Promise<any> {
  const answer = await ask(method, url, body);
  assert.equal(answer.status, status, `${method} ${url}: ${answer.text}`);
  return answer.json;
}

const at = (site: string, kind: string, name: string) => `/api/v1/sites/${site}/saved/${kind}/${encodeURIComponent(name)}`;
const put = (site: string, kind: string, name: string, value: unknown) => answered(204, 'PUT', at(site, kind, name), value);
const saved = async (site: string) => (await answered(200, 'GET', `/api/v1/sites/${site}/saved`)).results;
const reason = ({ status, json }: Answer) => [status, json.type.replace('urn:passerby:problem:', '')];
const visitors = async (site: string, filters: unknown[]) =>
  (await answered(200, 'POST', '/api/v2/query', { site_id: site, date_range: '7d', metrics: ['visitors'], filters })).results[0].metrics[0];

const goal = { page: '/blog*' };
const segment = [['has_done', ['is', 'event:goal', ['Reading']]]];
const funnel = { steps: [{ page: '/' }, { goal: 'Reading' }, { event: 'Signup' }], by: 'session', window: '1d' };
const annotation = { at: '2026-11-02T14:30', text: 'Newsletter sent' };

for (const site of [variable, made]) {
  const ofVariable = site === variable ? [{ name: 'Declared', origin: 'variable', value: { event: 'Signup' } }] : [];
  const entry = (name: string, value: unknown) => ({ name, origin: 'api', value });

  test(`what is saved of ${site} is listed as it was put, and every question knows it`, async () => {
    assert.deepEqual(await saved(site), { goals: ofVariable, segments: [], funnels: [], annotations: [] });
    await put(site, 'goals', 'Reading', goal);
    await put(site, 'segments', 'Readers', segment);
    await put(site, 'funnels', 'Joining', funnel);
    await put(site, 'annotations', 'n1', annotation);
    const all = await saved(site);
    // In no order: two may be saved at once.
    all.goals.sort((a: any, b: any) => (a.name < b.name ? -1 : 1));
    assert.deepEqual(all, {
      goals: [...ofVariable, entry('Reading', goal)], segments: [entry('Readers', segment)], funnels: [entry('Joining', funnel)], annotations: [entry('n1', annotation)],
    });
    assert.equal(await visitors(site, []), 2);
    assert.equal(await visitors(site, [['is', 'event:goal', ['Reading']]]), 1);
    assert.equal(await visitors(site, [['is', 'segment', ['Readers']]]), 1);
    const range = { site_id: site, date_range: '7d' };
    const byName = await answered(200, 'POST', '/api/v1/funnel', { ...range, funnel: 'Joining' });
    assert.equal(byName.results.converted, 1);
    assert.deepEqual(byName, await answered(200, 'POST', '/api/v1/funnel', { ...range, ...funnel }));
    const { results } = await answered(200, 'POST', '/api/v1/goals', range);
    assert.deepEqual(results.goals.find(({ goal }: any) => goal === 'Reading').visitors, 1);
  });

  test(`what is put again of ${site} is replaced, what is taken out is gone, and both are in its log`, async () => {
    await put(site, 'annotations', 'n1', { ...annotation, text: 'Newsletter sent again' });
    assert.deepEqual((await saved(site)).annotations, [entry('n1', { ...annotation, text: 'Newsletter sent again' })]);
    await answered(204, 'DELETE', at(site, 'annotations', 'n1'));
    assert.deepEqual(reason(await ask('DELETE', at(site, 'annotations', 'n1'))), [404, 'not_found']);
    assert.deepEqual((await saved(site)).annotations, []);
    const log = (await answered(200, 'GET', `/api/v1/sites/${site}/audit`)).results.map(({ action, what }: any) => `${action} ${what}`);
    assert.deepEqual(log.slice(0, 6), [
      'annotation.remove Newsletter sent again', 'annotation.save Newsletter sent again', 'annotation.save Newsletter sent', 'funnel.save Joining', 'segment.save Readers', 'goal.save Reading',
    ]);
  });

  test(`any text is a name of something that ${site} saves`, async () => {
    const names = ['a/b', '100 %', '가입 완료', '<script>alert(1)</script>', '"quoted" & more', 'goals', '__proto__', 'constructor', ' '];
    for (const name of names) await put(site, 'goals', name, { event: name });
    const kept = new Map((await saved(site)).goals.map(({ name, value }: any) => [name, value.event]));
    for (const name of names) {
      assert.equal(kept.get(name), name);
      await answered(204, 'DELETE', at(site, 'goals', name));
    }
    assert.deepEqual((await saved(site)).goals.map(({ name }: any) => name).sort(), [...ofVariable.map(({ name }) => name), 'Reading']);
  });

  test(`what could not be asked of ${site} is not saved, and is named by its place`, async () => {
    const before = await saved(site);
    const wrong: [kind: string, value: unknown, place: string][] = [
      ['goals', {}, ''],
      ['goals', { event: 'Signup', colour: 'red' }, 'colour'],
      ['goals', { page: '/', filters: [['is', 'visit:mood', ['good']]] }, 'filters[0][1]'],
      ['segments', {}, ''],
      ['segments', [['is', 'segment', ['Readers']]], '[0][1]'],
      ['segments', [['is', 'visit:country', []]], '[0][2]'],
      ['funnels', { steps: [{ page: '/' }] }, 'steps'],
      ['funnels', { ...funnel, window: 'soon' }, 'window'],
      ['funnels', { ...funnel, limit: 3 }, 'limit'],
      ['annotations', { at: '2026-02-30', text: 'Never' }, 'at'],
      ['annotations', { at: '2026-11-02T25:00', text: 'Never' }, 'at'],
      ['annotations', { at: '2026-11-02T14:30:00Z', text: 'By another clock' }, 'at'],
      ['annotations', { at: '2026-11-02' }, 'text'],
      ['annotations', { at: '2026-11-02', text: 'x'.repeat(513) }, 'text'],
    ];
    for (const [kind, value, place] of wrong) {
      const answer = await ask('PUT', at(site, kind, 'Wrong'), value);
      assert.deepEqual([...reason(answer), answer.json.path], [400, 'bad_parameter', place], `${kind} ${JSON.stringify(value)}: ${answer.text}`);
    }
    assert.deepEqual(reason(await ask('PUT', at(site, 'goals', 'x'.repeat(201)), goal)), [400, 'bad_parameter']);
    assert.deepEqual(reason(await ask('PUT', at(site, 'moods', 'Good'), {})), [404, 'not_found']);
    assert.deepEqual(reason(await ask('PUT', at(site, 'goals', 'Long'), { event: 'x'.repeat(70_000) })), [413, 'too_large']);
    assert.deepEqual(reason(await ask('PUT', at('nobody.example', 'goals', 'Any'), goal)), [404, 'unknown_site']);
    assert.deepEqual(await saved(site), before);
  });

  test(`a segment and a goal of ${site} stay while something else names them`, async () => {
    await put(site, 'funnels', 'Of readers', { steps: [{ page: '/', filters: [['is', 'segment', ['Readers']]] }, { event: 'Signup' }] });
    const refused = await ask('DELETE', at(site, 'segments', 'Readers'));
    assert.deepEqual([...reason(refused), refused.json.path], [400, 'bad_parameter', 'funnels.Of readers.steps[0].filters[0][1]']);
    await answered(204, 'DELETE', at(site, 'funnels', 'Of readers'));
    const ofGoal = await ask('DELETE', at(site, 'goals', 'Reading'));
    assert.deepEqual([...reason(ofGoal), ofGoal.json.path], [400, 'bad_parameter', 'segments.Readers']);
    await answered(204, 'DELETE', at(site, 'segments', 'Readers'));
    await put(site, 'segments', 'Readers', segment);
  });

  test(`of ${site} no change is lost to another at the same time`, async () => {
    const names = Array.from({ length: 8 }, (_, place) => `at once ${place}`);
    const answers = await Promise.all(names.map((name) => ask('PUT', at(site, 'annotations', name), annotation)));
    for (const answer of answers.filter(({ status }) => status !== 204)) assert.deepEqual(reason(answer), [409, 'conflict']);
    const done = names.filter((_, place) => answers[place]!.status === 204);
    assert.ok(done.length > 0);
    assert.deepEqual((await saved(site)).annotations.map(({ name }: any) => name).sort(), done);
    for (const name of done) await answered(204, 'DELETE', at(site, 'annotations', name));
  });
}

test('whoever has a share link sees what is saved, and changes nothing', async () => {
  const { key } = await answered(201, 'POST', `/api/v1/sites/${variable}/keys`, { kind: 'share', name: 'a test' });
  const read = await answered(201, 'POST', `/api/v1/sites/${variable}/keys`, { kind: 'read', name: 'a test' });
  for (const shown of [key, read.key]) {
    const seen = await ask('GET', `/api/v1/sites/${variable}/saved`, undefined, shown);
    assert.deepEqual([seen.status, seen.json.results], [200, await saved(variable)]);
    assert.deepEqual(reason(await ask('PUT', at(variable, 'goals', 'Mine'), goal, shown)), [403, 'forbidden']);
    assert.deepEqual(reason(await ask('DELETE', at(variable, 'goals', 'Reading'), undefined, shown)), [403, 'forbidden']);
  }
});

test('what the variable has is changed in the variable, and its settings are no others for what is saved besides', async () => {
  assert.deepEqual(reason(await ask('PUT', at(variable, 'goals', 'Declared'), goal)), [409, 'of_variable']);
  assert.deepEqual(reason(await ask('DELETE', at(variable, 'goals', 'Declared'))), [409, 'of_variable']);
  await put(variable, 'segments', 'Insiders', [['is', 'event:page', ['/internal']]]);
  await collector.send({ site: variable, tab: '00000000000000a3', events: [pageview('/internal', {}, -1000)] }, { 'cf-connecting-ip': '192.0.2.3' });
  assert.equal(await visitors(variable, [['is', 'segment', ['Insiders']]]), 0, 'the filters of the variable hold');
});

test('a kind has at most 200, and all together a bound', async () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, place) => [`n${place}`, annotation]));
  await answered(201, 'POST', '/api/v1/sites', { site_id: 'many.example', annotations: many(199) });
  await put('many.example', 'annotations', 'the last', annotation);
  const refused = await ask('PUT', at('many.example', 'annotations', 'one more'), annotation);
  assert.deepEqual([...reason(refused), refused.json.path], [400, 'bad_parameter', 'annotations']);
  await put('many.example', 'annotations', 'the last', { ...annotation, text: 'changed' });
  const large = Array.from({ length: 30 }, (_, place) => `${place}${'x'.repeat(1900)}`);
  await put('many.example', 'goals', 'Large', { page: '/', filters: [['is', 'visit:city', large.slice(0, 20)]] });
  const bound = await ask('PUT', at('many.example', 'goals', 'Larger'), { page: '/', filters: [['is', 'visit:city', large]] });
  assert.deepEqual([...reason(bound), bound.json.path], [400, 'bad_parameter', '']);
});

// The last: it starts the collector anew.
test('what is saved outlives the collector, and a site that leaves the variable keeps it when it is made', async () => {
  const before = await saved(variable);
  await collector.stop();
  collector = await Collector.start({ persist, sites: { [variable]: declared } });
  assert.deepEqual(await saved(variable), before);
  await collector.stop();
  collector = await Collector.start({ persist, sites: {} });
  assert.deepEqual(reason(await ask('GET', `/api/v1/sites/${variable}/saved`)), [404, 'unknown_site']);
  await answered(201, 'POST', '/api/v1/sites', { site_id: variable, time_zone: 'Asia/Seoul' });
  const kept = await saved(variable);
  assert.deepEqual(kept.funnels, before.funnels);
  assert.deepEqual(kept.goals.map(({ name }: any) => name), ['Reading']);
  assert.equal((await answered(200, 'GET', `/api/v1/sites/${variable}`)).time_zone, 'Asia/Seoul');
});
