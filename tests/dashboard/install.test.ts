// Putting the tracker on a page: what is copied from the settings works, and the settings say so by themselves, or say why not.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { custom, pageview } from '../support/collector.ts';
import { Dashboard, type Visitor } from '../support/dashboard.ts';
import { Pages } from '../support/pages.ts';

const site = 'new.example';
let dashboard: Dashboard;
let pages: Pages;
let html = '';

before(async () => {
  dashboard = await Dashboard.start({ 'fixed.example': { hosts: ['fixed.example'] } });
  await dashboard.change('POST', '/api/v1/sites', { site_id: site, count_bots: true });
  pages = await Pages.start(({ pathname }) => (pathname === '/' ? html : undefined));
});
after(async () => {
  await dashboard?.stop();
  await pages?.stop();
});

/** Loads the page that carries what was copied, in a window of a visitor's own. */
async function load(visitor: Visitor, tag: string): Promise<void> {
  html = `<!doctype html><title>A page</title>${tag}`;
  const page = await visitor.context.newPage();
  const answered = page.waitForResponse((response) => response.request().method() === 'POST' && new URL(response.url()).pathname === '/e');
  await page.goto(pages.url);
  assert.equal((await answered).status(), 200);
  await page.close();
}

const isSame = (page: Page) => page.evaluate(() => (window as any).isSamePage === true);

test('what is copied counts, and the check turns by itself; what is refused is named, and counted once it is allowed', { timeout: 90_000 }, async () => {
  const owner = await dashboard.visitor({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await owner.open(`?site=${site}&view=settings`);
  await page.evaluate(() => ((window as any).isSamePage = true));
  await page.locator('.check-title').getByText('Waiting for the first event').waitFor();
  await page.getByRole('button', { name: `Copy: Script tag of ${site}` }).click();
  await page.getByText('Copied', { exact: true }).waitFor();
  const tag = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(tag, `<script defer src="${dashboard.url}/p.js" data-site="${site}"></script>`);

  const visitor = await dashboard.visitor({ key: undefined });
  await load(visitor, tag);
  const refused = page.getByRole('region', { name: 'Events came, and were refused' });
  await refused.getByText('Its page is on a developer’s own machine').waitFor();
  assert.equal(await page.locator('.check-title').getByText('Waiting for the first event').isVisible(), true);
  await refused.getByRole('button', { name: 'Count pages of any host, 127.0.0.1 too' }).click();
  await refused.getByRole('button', { name: /^Count pages/ }).waitFor({ state: 'detached' });

  await load(visitor, tag);
  await page.locator('.check-title').getByText('We see your events').waitFor();
  await page.getByText('The last one: Page view on /, now').or(page.getByText(/The last one: Page view on \/, \d+ seconds? ago/)).waitFor();
  assert.equal(await isSame(page), true);
  assert.equal(((await dashboard.collector.outcomes(site))['accepted'] ?? 0) > 0, true);
  assert.deepEqual(owner.offences, []);
});

test('whoever cannot change the site sees what is refused, and no button for it', { timeout: 60_000 }, async () => {
  await dashboard.collector.send({ site: 'fixed.example', events: [pageview('/', { host: 'other.example' }), custom('Signup')] });
  const { key } = await dashboard.change('POST', '/api/v1/sites/new.example/keys', { kind: 'read', name: 'a reader' });
  await dashboard.collector.send({ site, tab: '00000000000000b1', events: [custom('')] });
  const owner = await dashboard.visitor();
  const fixed = await owner.open('?site=fixed.example&view=settings');
  const region = fixed.getByRole('region', { name: 'Events came, and were refused' });
  await region.getByText('From pages of other.example.').waitFor();
  assert.equal(await region.getByRole('button').count(), 0, 'its hosts stand in the variable');
  const reader = await dashboard.visitor({ key });
  const page = await reader.open(`?site=${site}&view=settings`);
  await page.getByRole('region', { name: 'Some events were refused' }).getByText('Something that it cannot be without is missing').waitFor();
  assert.equal(await page.getByRole('button', { name: /^Count pages/ }).count(), 0);
  assert.deepEqual([...owner.offences, ...reader.offences], []);
});
