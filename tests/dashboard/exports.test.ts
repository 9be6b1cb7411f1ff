// Every table can be saved as CSV and every chart as a picture: found by walking over all views, so that a new one cannot be forgotten.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { custom, pageview } from '../support/collector.ts';
import { Dashboard, type Visitor } from '../support/dashboard.ts';
import { views } from '../support/views.ts';
import { visits } from '../support/visits.ts';

const site = 'shop.example';
let dashboard: Dashboard;
let visitor: Visitor;

before(async () => {
  dashboard = await Dashboard.start({});
  const steps = [{ page: '/', name: '=1+1' }, { event: 'order' }];
  await dashboard.change('POST', '/api/v1/sites', {
    site_id: site, count_bots: true, hosts: ['*'], goals: { '=1+1': { event: 'order' } }, segments: { '@SUM(A1)': [['is', 'event:page', ['=1+1']]] },
    funnels: { '+1': { steps } }, annotations: { a: { at: '2026-11-02', text: '=1+1' } },
  });
  await dashboard.change('POST', `/api/v1/sites/${site}/keys`, { kind: 'read', name: '=1+1' });
  await dashboard.change('POST', `/api/v1/sites/${site}/keys`, { kind: 'share', name: '@SUM(A1)' });
  await dashboard.change('POST', '/api/v1/keys', { name: '+1' });
  for (const { batch, headers, cf } of visits(site, 120, 60, 23, Date.now())) {
    await dashboard.collector.request('/e', { method: 'POST', body: JSON.stringify(batch), headers: { 'content-type': 'text/plain', ...headers }, cf });
  }
  // One who is here now, and what is refused.
  await dashboard.collector.send({ site, events: [pageview('/now', { referrer: 'https://www.google.com/' }), custom('=Signup'), custom('')] });
  visitor = await dashboard.visitor();
});
after(() => dashboard?.stop());

/** Panels that hold what a selector finds, but in no panel below. */
async function panelsWith(page: Page, what: string): Promise<Locator[]> {
  const found: Locator[] = [];
  for (const panel of await page.locator('section[aria-label]').all()) {
    const own = await panel.evaluate((panel, what) => [...panel.querySelectorAll(what)].some((element) => element.closest('section[aria-label]') === panel), what);
    if (own) found.push(panel);
  }
  return found;
}

async function saved(page: Page, panel: Locator, item: string): Promise<{ name: string; content: Buffer }> {
  const title = await panel.getAttribute('aria-label');
  await panel.getByRole('button', { name: /^Export: / }).first().click();
  const button = panel.getByRole('button', { name: item });
  assert.equal(await button.count(), 1, `${title}: ${item}`);
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return { name: download.suggestedFilename(), content: Buffer.concat(chunks) };
}

/** Spark lines are signs, and read by the number beside them. */
const charts = 'svg[role=img]:not(.spark), .sankey, canvas';

test('every table is saved as CSV without a formula, every chart as PNG', { timeout: 180_000 }, async () => {
  const counted = { tables: 0, charts: 0 };
  for (const view of views) {
    const page = await visitor.open(`?site=${site}&range=7d&${view}`);
    if (view === 'view=live') await page.locator('section[aria-label=Pages] table').waitFor();
    for (const panel of await panelsWith(page, 'table')) {
      const { content, name } = await saved(page, panel, 'Download CSV');
      const lines = content.toString().split('\r\n');
      assert.match(name, /\.csv$/);
      assert.ok(lines[0]!.startsWith('\ufeff') && lines[0]!.length > 1 && lines.length > 2, `${view} ${name}`);
      for (const line of lines.slice(1)) assert.doesNotMatch(line, /(^|,)"?[=@+]/, `${view} ${name}`);
      counted.tables += 1;
    }
    for (const panel of await panelsWith(page, charts)) {
      const { content, name } = await saved(page, panel, 'Download PNG');
      assert.equal(content.subarray(1, 4).toString(), 'PNG', `${view} ${name}`);
      assert.ok(content.length > 2000, `${view} ${name}: ${content.length} bytes`);
      counted.charts += 1;
    }
    await page.close();
  }
  assert.ok(counted.tables > 25 && counted.charts >= 7, JSON.stringify(counted));
  assert.deepEqual(visitor.offences, []);
});
