// What a view shows of answers that do not come: why, and how to go on. Nothing waits for good.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page, Route } from 'playwright-core';
import { Dashboard, settled } from '../support/dashboard.ts';
import { views } from '../support/views.ts';

const site = 'shop.example';
let dashboard: Dashboard;

before(async () => {
  dashboard = await Dashboard.start({});
  await dashboard.change('POST', '/api/v1/sites', { site_id: site, hosts: ['*'] });
});
after(() => dashboard?.stop());

const untilNothingWaits = (page: Page) => page.waitForFunction(() => document.querySelector('.panel, .notice') !== null && document.querySelector('.skeleton') === null);
/** The live view asks by a socket, which says nothing of why; it shows that it is tried again. Some sections ask nothing, or have forms beside what they ask. */
const asked = views.filter((view) => view !== 'view=live');

async function openAll(answer: (route: Route) => Promise<void>, check: (page: Page, view: string) => Promise<void>): Promise<void> {
  const visitor = await dashboard.visitor();
  for (const view of asked) {
    await visitor.context.route(/\/api\//, answer);
    const page = await visitor.context.newPage();
    await page.goto(`${dashboard.url}/?site=${site}&range=7d&${view}`);
    await untilNothingWaits(page);
    await check(page, view);
    await page.close();
  }
  await visitor.context.close();
}

test('a collector that cannot be reached is said in every view, and asked again by a press', { timeout: 180_000 }, async () => {
  await openAll((route) => route.abort(), async (page, view) => {
    assert.ok((await page.getByText('The collector cannot be reached.').count()) > 0, view);
    await page.context().unroute(/\/api\//);
    await page.evaluate(() => document.querySelectorAll<HTMLButtonElement>('.notice button').forEach((again) => again.click()));
    await settled(page);
    assert.equal(await page.getByText('The collector cannot be reached.').count(), 0, view);
  });
});

test('what a key does not reach is said in every view', { timeout: 180_000 }, async () => {
  const body = JSON.stringify({ type: 'urn:passerby:problem:forbidden', title: 'The key is not for this', status: 403 });
  await openAll((route) => route.fulfill({ status: 403, contentType: 'application/problem+json', body }), async (page, view) => {
    assert.ok((await page.getByText('You may not see this').count()) > 0, view);
  });
});
