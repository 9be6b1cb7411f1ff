// The aggregate endpoints over HTTP, in the form that Plausible's Stats API v1 documents.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Collector, custom, pageview } from '../support/collector.ts';

let collector: Collector;
const phone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';

// Three visitors, within seconds of each other and of now.
before(async () => {
  collector = await Collector.start();
  const google = { referrer: 'https://www.google.com/' };
  await collector.send({ tab: '0000000000000001', events: [pageview('/', google, -3000), pageview('/list', {}, 1000), custom('Signup', 1000)] });
  await collector.send(
    { tab: '0000000000000002', events: [pageview('/list', { query: 'utm_source=news&utm_medium=email&utm_campaign=may' }, -2000)] },
    { 'cf-connecting-ip': '192.0.2.2', 'user-agent': phone },
  );
  await collector.send({ tab: '0000000000000003', events: [pageview('/', {}, -1000)] }, { 'cf-connecting-ip': '192.0.2.3' });
});
after(() => collector.stop());

const period = '&period=7d';
const get = async (route: string) => {
  const answer = await collector.read(`/api/v1/stats/${route}&site_id=shop.example`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};

test('aggregate', async () => {
  const metrics = 'visitors,visits,pageviews,views_per_visit,bounce_rate,visit_duration,events';
  assert.deepEqual(await get(`aggregate?metrics=${metrics}${period}`), {
    results: {
      visitors: { value: 3 },
      visits: { value: 3 },
      pageviews: { value: 4 },
      views_per_visit: { value: 1.33 },
      bounce_rate: { value: 67 },
      visit_duration: { value: 1 },
      events: { value: 5 },
    },
  });
});

test('aggregate compared with the period before', async () => {
  const { results } = await get(`aggregate?metrics=visitors&compare=previous_period${period}`);
  assert.deepEqual(results, { visitors: { value: 3, change: 100 } });
});

test('timeseries has every day, empty ones too', async () => {
  const { results } = await get(`timeseries?metrics=visitors,visits${period}`);
  assert.equal(results.length, 7);
  assert.deepEqual(Object.keys(results[0]), ['date', 'visitors', 'visits']);
  const sum = results.reduce((total: number, day: { visits: number }) => total + day.visits, 0);
  assert.equal(sum, 3);
});

test('breakdown, most visitors first', async () => {
  const pages = await get(`breakdown?property=event:page&metrics=visitors,pageviews${period}`);
  assert.deepEqual(pages.results, [
    { page: '/', visitors: 2, pageviews: 2 },
    { page: '/list', visitors: 2, pageviews: 2 },
  ]);
  const by = async (property: string) => {
    const { results } = await get(`breakdown?property=${property}${period}`);
    return results.map((row: Record<string, unknown>) => Object.values(row));
  };
  assert.deepEqual(await by('visit:source'), [['(Direct / None)', 1], ['Google', 1], ['news', 1]]);
  assert.deepEqual(await by('visit:device'), [['Desktop', 2], ['Mobile', 1]]);
  assert.deepEqual(await by('visit:browser'), [['Chrome', 2], ['Safari', 1]]);
  assert.deepEqual(await by('visit:os'), [['Windows', 2], ['iOS', 1]]);
  assert.deepEqual(await by('visit:entry_page'), [['/', 2], ['/list', 1]]);
  assert.deepEqual(await by('visit:exit_page'), [['/list', 2], ['/', 1]]);
  assert.deepEqual(await by('visit:utm_campaign'), [['(not set)', 2], ['may', 1]]);
  assert.deepEqual(await by('event:name'), [['pageview', 3], ['Signup', 1]]);
});

test('filters', async () => {
  const visitors = async (filter: string) => {
    const { results } = await get(`aggregate?filters=${encodeURIComponent(filter)}${period}`);
    return results.visitors.value;
  };
  assert.equal(await visitors('visit:source==Google'), 1);
  assert.equal(await visitors('visit:source==Google|news'), 2);
  assert.equal(await visitors('visit:source!=Google'), 2);
  assert.equal(await visitors('event:page==/l*;visit:device==Mobile'), 1);
  assert.equal(await visitors('event:name==Signup'), 1);
});

test('current visitors is a number', async () => {
  const answer = await collector.read('/api/v1/stats/realtime/visitors?site_id=shop.example');
  assert.equal(answer.text, '3');
});

test('a site that nobody visited, and a range before any data, answer with nothing', async () => {
  const empty = await collector.read('/api/v1/stats/aggregate?site_id=robots.example&metrics=visitors,bounce_rate');
  assert.deepEqual(empty.json.results, { visitors: { value: 0 }, bounce_rate: { value: 0 } });
  const before = await get('breakdown?property=event:page&period=custom&date=2001-01-01,2001-01-31');
  assert.deepEqual(before.results, []);
});

test("days are those of the site's time zone", async () => {
  const hours = await collector.read('/api/v1/stats/timeseries?site_id=berlin.example&period=custom&date=2024-03-31,2024-03-31&interval=hour');
  assert.equal(hours.json.results.length, 23, 'the day on which clocks go forward');
  const autumn = await collector.read('/api/v1/stats/timeseries?site_id=berlin.example&period=custom&date=2024-10-27,2024-10-27&interval=hour');
  assert.equal(autumn.json.results[2].date, '2024-10-27 02:00:00');
});
