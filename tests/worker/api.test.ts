// Every path of the API's description is asked over HTTP: with data, of nothing, and refused. A path that is added there
// and not here fails the last test.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Collector, pageview, type Answer } from '../support/collector.ts';

let collector: Collector;

before(async () => {
  collector = await Collector.start();
  await collector.send({ site: 'berlin.example', tab: '0000000000000001', events: [pageview('/', { referrer: 'https://www.google.com/' }, -2000)] });
  await collector.send({ site: 'berlin.example', tab: '0000000000000002', events: [pageview('/list', {}, -1000)] }, { 'cf-connecting-ip': '192.0.2.2' });
});
after(() => collector.stop());

const openapi = new URL('../../edge-collector/src/openapi.json', import.meta.url);
const { paths } = JSON.parse(readFileSync(openapi, 'utf8')) as { paths: Record<string, object> };

/** What is sent, each report's question, and what is about sites, keys and people are asked in files of their own. */
const elsewhere = Object.keys(paths).filter((path) => path === '/e' || path === '/api/v1/live' || /^\/api\/v1\/(sites|keys|audit|token|visitors)\b/.test(path) || /^\/api\/v(1\/[a-z]+|2\/query)$/.test(path) && 'post' in paths[path]!);

const stats = '/api/v1/stats/';
const google = encodeURIComponent('visit:source==Google');
const byName = (answer: Answer) => answer.json.results.visitors.value;
const summed = (answer: Answer) => answer.json.results.reduce((sum: number, row: { visitors: number }) => sum + row.visitors, 0);

/** Questions about visitors of a period, and how to read the answer's number of them. */
const ofPeriods: Record<string, { more: string; visitors: (answer: Answer) => number; wrong: [string, string][] }> = {
  [`${stats}aggregate`]: { more: '', visitors: byName, wrong: [['metrics=mood', 'metrics'], ['compare=never', 'compare']] },
  [`${stats}timeseries`]: { more: '', visitors: summed, wrong: [['interval=decade', 'interval'], ['date=yesterday', 'date']] },
  [`${stats}breakdown`]: { more: '&property=visit:source', visitors: summed, wrong: [['limit=0', 'limit'], ['page=x', 'page']] },
};

/** Reads without a period. */
const others: Record<string, (answer: Answer) => void> = {
  [`${stats}realtime/visitors`]: (answer) => assert.equal(answer.json, 2),
  '/api/v1/outcomes': (answer) => assert.equal(answer.json.results.accepted, 2),
  '/api/v1/rejects': (answer) => assert.deepEqual(answer.json.results, []),
  '/api/v1/storage': (answer) => assert.ok(answer.json.results.length > 0),
};

const get = (path: string, query: string) => collector.read(`${path}?${query}`);

for (const [path, { more, visitors, wrong }] of Object.entries(ofPeriods)) {
  test(path, async () => {
    const count = async (query: string) => {
      const answer = await get(path, `site_id=berlin.example&metrics=visitors${more}&${query}`);
      assert.equal(answer.status, 200, answer.text);
      return visitors(answer);
    };
    assert.equal(await count('period=7d'), 2);
    assert.equal(await count(`period=7d&filters=${google}`), 1);
    assert.equal(await count('period=custom&date=2001-01-01,2001-01-31'), 0, 'before any data');
    assert.equal(await count(`period=7d&filters=${encodeURIComponent('visit:source==Nowhere')}`), 0);
    for (const [query, parameter] of [...wrong, ['period=fortnight', 'period'], ['filters=mood', 'filters'], ['colour=1', 'colour']]) {
      const answer = await get(path, `site_id=berlin.example${more}&${query}`);
      assert.deepEqual([answer.status, answer.json.parameter], [400, parameter], `${query}: ${answer.text}`);
    }
  });
}

for (const [path, check] of Object.entries(others)) {
  test(path, async () => {
    const answer = await get(path, 'site_id=berlin.example');
    assert.equal(answer.status, 200, answer.text);
    check(answer);
    assert.equal((await get(path, 'site_id=robots.example')).status, 200, 'a site that nobody visited');
    const unknown = await get(path, 'site_id=berlin.example&colour=1');
    assert.deepEqual([unknown.status, unknown.json.parameter], [400, 'colour'], unknown.text);
  });
}

test('a read needs the key, GET and a site that there is', async () => {
  for (const path of [...Object.keys(ofPeriods), ...Object.keys(others)]) {
    const url = `${path}?site_id=berlin.example`;
    assert.equal((await collector.request(url)).status, 401, path);
    assert.equal((await collector.request(url, { method: 'DELETE' })).status, 405, path);
    assert.equal((await get(path, 'site_id=nowhere&property=visit:source')).status, 404, path);
  }
});

test('every path of the description is asked', () => {
  const asked = [...Object.keys(ofPeriods), ...Object.keys(others), ...elsewhere, '/api/openapi.json'];
  assert.deepEqual(asked.sort(), Object.keys(paths).sort());
});
