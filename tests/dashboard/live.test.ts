// The live view: what happens in one window moves another.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { custom, pageview } from '../support/collector.ts';
import { Dashboard, tableOf } from '../support/dashboard.ts';

const site = 'live.example';
let dashboard: Dashboard;

before(async () => {
  dashboard = await Dashboard.start({ [site]: { count_bots: true, hosts: ['*'], time_zone: 'America/New_York' } });
});
after(() => dashboard?.stop());

let tabs = 0;
async function visit(events: object[], device = 'Windows NT 10.0'): Promise<void> {
  const tab = ++tabs;
  const answer = await dashboard.collector.send(
    { site, tab: tab.toString(16).padStart(16, '0'), events },
    { 'cf-connecting-ip': `198.51.100.${tab}`, 'user-agent': `Mozilla/5.0 (${device}) Chrome/126.0.0.0` },
  );
  assert.equal(answer.status, 200, answer.text);
}

const untilVisitors = (page: Page, count: number) =>
  page.waitForFunction((count) => document.querySelector('.live-count strong')?.textContent === count, String(count));

test('a page view in one window moves the live view in another, without a reload', { timeout: 60_000 }, async () => {
  await visit([pageview('/before', { referrer: 'https://www.google.com/' }, -1000)]);
  const mine = await dashboard.visitor();
  const page = await mine.open(`?site=${site}&view=live`);
  await untilVisitors(page, 1);
  assert.deepEqual(await tableOf(page, 'Pages'), [['/before', '1']]);
  assert.deepEqual(await tableOf(page, 'Sources'), [['Google', '1']]);
  await page.evaluate(() => ((window as any).isSamePage = true));
  await visit([pageview('/just-now'), custom('Signup')]);
  await page.locator('.feed li').filter({ hasText: 'Signup' }).filter({ hasText: '/just-now' }).waitFor();
  await untilVisitors(page, 2);
  assert.deepEqual(await tableOf(page, 'Pages'), [['/before', '1'], ['/just-now', '1']]);
  assert.deepEqual((await tableOf(page, 'Devices')).length, 1);
  assert.equal(await page.locator('.now').innerText(), '2 now');
  const current = await dashboard.collector.read(`/api/v1/stats/realtime/visitors?site_id=${site}`);
  assert.equal(current.json, 2);
  // The moving line has another point with each second.
  await page.waitForFunction(() => (document.querySelector('.moving polyline')?.getAttribute('points')?.split(' ').length ?? 0) > 2);
  assert.equal(await page.evaluate(() => (window as any).isSamePage), true);
  assert.deepEqual(mine.offences, []);
  await mine.context.close();
});

test('a lost connection is said, and what was missed comes with it', { timeout: 60_000 }, async () => {
  const mine = await dashboard.visitor();
  const page = await mine.open(`?site=${site}&view=live`);
  await visit([pageview('/while-connected')]);
  await page.locator('.feed li').filter({ hasText: '/while-connected' }).waitFor();
  await mine.context.setOffline(true);
  await page.getByText('The connection is lost.').waitFor();
  await visit([pageview('/while-away')]);
  await mine.context.setOffline(false);
  await page.locator('.feed li').filter({ hasText: '/while-away' }).waitFor();
  await page.getByText('The connection is lost.').waitFor({ state: 'detached' });
  await mine.context.close();
});

test('filters are asked for, since the socket knows none', { timeout: 60_000 }, async () => {
  const mine = await dashboard.visitor();
  const page = await mine.open(`?site=${site}&view=live`);
  await page.locator('section[aria-label=Sources] tbody').getByRole('button', { name: 'Google' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.feed li').length === 1);
  assert.deepEqual(await tableOf(page, 'Pages'), [['/before', '1']]);
  assert.equal(await page.locator('.feed li').filter({ hasText: '/before' }).count(), 1);
  await mine.context.close();
});
