// Answers about days that a site no longer keeps say so.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { adminKey, Collector, pageview } from '../support/collector.ts';

let collector: Collector;
before(async () => {
  collector = await Collector.start({ sites: { week: { retention_days: 7, time_zone: 'Asia/Seoul' }, always: {} } });
});
after(() => collector.stop());

const DAY_MS = 86_400_000;
const ask = async (url: string, body?: object) => {
  const headers = { authorization: `Bearer ${adminKey}` };
  const answer = await collector.request(url, body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};

test('an answer about time before the first day that its site keeps names that day, and no other answer does', async () => {
  for (const site of ['week', 'always']) await collector.send({ site, events: [pageview('/')] });
  const first = new Date((Math.floor(Date.now() / DAY_MS) - 7) * DAY_MS).toISOString().slice(0, 10);
  const v1 = (site: string, more: string) => ask(`/api/v1/stats/aggregate?site_id=${site}&metrics=visitors&${more}`);
  const v2 = (site: string, more: object) => ask('/api/v2/query', { site_id: site, metrics: ['visitors'], ...more });
  const report = (site: string, more: object) => ask('/api/v1/exits', { site_id: site, ...more });
  const asked = (site: string) => [
    v1(site, 'period=30d'), v1(site, 'period=7d&compare=previous_period'), v2(site, { date_range: '30d' }),
    v2(site, { date_range: 'all' }), v2(site, { date_range: 'day', include: { comparisons: { mode: 'year_over_year' } } }), report(site, { date_range: '30d' }),
  ];
  for (const { meta } of await Promise.all(asked('week'))) assert.equal(meta.kept_from, first);
  for (const { meta } of await Promise.all(asked('always'))) assert.equal(meta?.kept_from, undefined);
  const within = [v1('week', 'period=day'), v2('week', { date_range: 'day' }), report('week', { date_range: 'day' })];
  for (const { meta } of await Promise.all(within)) assert.equal(meta?.kept_from, undefined);
  assert.equal(await ask('/api/v1/stats/realtime/visitors?site_id=week'), 1);
});
