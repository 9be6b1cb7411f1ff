// Behaviour, commerce and the live view in a browser: what is on the screen is what the reports answer.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Dashboard, type Visitor, settled, tableOf } from '../support/dashboard.ts';
import { views } from '../support/views.ts';
import { type Visit, visits } from '../support/visits.ts';

const site = 'shop.example';
const empty = 'empty.example';
const scope = { site_id: site, date_range: '7d' };
let dashboard: Dashboard;
let visitor: Visitor;

async function send({ batch, headers, cf }: Visit): Promise<void> {
  const answer = await dashboard.collector.request('/e', { method: 'POST', body: JSON.stringify(batch), headers: { 'content-type': 'text/plain', ...headers }, cf });
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.json.refused, []);
}

before(async () => {
  dashboard = await Dashboard.start({ [site]: { count_bots: true, hosts: ['*'], time_zone: 'America/New_York' }, [empty]: {} });
  for (const visit of visits(site, 220, 60, 23, Date.now())) await send(visit);
  visitor = await dashboard.visitor();
});
after(() => dashboard?.stop());

const open = (query: string) => visitor.open(`?site=${site}&range=7d&${query}`);
const whole = (value: number) => new Intl.NumberFormat('en-GB').format(value);
const percent = (value: number | null) => (value === null ? '–' : `${new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 }).format(value)}%`);
const euros = (minor: number) => new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'EUR', trailingZeroDisplay: 'stripIfInteger' } as Intl.NumberFormatOptions).format(minor / 100);
const events: Record<string, string> = { product_view: 'Product view', cart_add: 'Add to cart', checkout: 'Checkout step', order: 'Order' };
const toOrder = Object.keys(events).map((event) => ({ event }));

/** Some columns of a table. */
const columns = async (page: Page, title: string, ...places: number[]) => (await tableOf(page, title)).map((row) => places.map((place) => row[place]));

async function assertFunnel(page: Page, title: string, steps: object[], names: string[]): Promise<void> {
  const funnel = await dashboard.report('funnel', { ...scope, steps });
  assert.deepEqual(await columns(page, title, 0, 1, 2), funnel.steps.map(({ count, conversion_rate }: any, place: number) => [names[place], whole(count), percent(conversion_rate)]));
  assert.equal(await page.locator(`section[aria-label="${title}"] .lead`).innerText(), `${percent(funnel.conversion_rate)} got through: ${whole(funnel.converted)} of ${whole(funnel.entered)}`);
}

test('a funnel is built in the page, and its address opens the same one elsewhere', async () => {
  const page = await open('view=behaviour');
  await assertFunnel(page, 'Funnel', toOrder, Object.values(events));

  const form = page.locator('section[aria-label=Steps]');
  await form.getByLabel('Kind of step 1').selectOption('page');
  await form.getByLabel('Name of step 1').fill('/products');
  await form.getByRole('button', { name: 'Remove step 3' }).click();
  await form.getByRole('button', { name: 'Apply' }).click();
  await settled(page);
  const steps = [{ page: '/products' }, { event: 'cart_add' }, { event: 'order' }];
  await assertFunnel(page, 'Funnel', steps, ['/products', 'Add to cart', 'Order']);

  const other = await dashboard.visitor();
  await assertFunnel(await other.open(new URL(page.url()).search), 'Funnel', steps, ['/products', 'Add to cart', 'Order']);
});

test('a journey is centred on what is pressed', async () => {
  const page = await open('view=behaviour&show=journey');
  const shown = () => page.locator('.sankey .node').evaluateAll((nodes) => nodes.map((node) => [(node as SVGElement).dataset['name'], node.querySelector('.count')?.textContent]));
  const name = ({ kind, name }: any) => (kind === 'start' ? 'Visit begins' : kind === 'other' ? 'Other' : name);
  const ways = await dashboard.report('journey', { ...scope, depth: 4, limit: 6 });
  assert.deepEqual(await shown(), ways.nodes.map((node: any) => [name(node), whole(node.visits)]));
  const product = page.locator('.sankey').getByRole('button', { name: /^\/products \d/ }).first();
  await product.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Whole visit' }).waitFor();
  await settled(page);
  const from = await dashboard.report('journey', { ...scope, depth: 4, limit: 6, from: { page: '/products' } });
  assert.deepEqual((await shown())[0], ['/products', whole(from.nodes[0].visits)]);
  assert.equal(await page.locator('.sankey .links path').count(), from.links.length);
});

test('a click map has a spot for each place that was clicked, and a table of what was', async () => {
  const page = await open('view=behaviour&show=heatmap&page=%2Fproducts%2Fhausberg');
  const map = await dashboard.report('heatmap', { ...scope, page: '/products/hausberg', columns: 40, rows: 80 });
  assert.ok(map.clicks > 0);
  assert.equal(await page.locator('.heat .spot').count(), map.devices[0].cells.length);
  const elements = await columns(page, 'What was clicked', 1, 2, 3, 4);
  assert.deepEqual(elements, map.elements.rows.map(({ clicks, rage, dead, visitors }: any) => [clicks, rage, dead, visitors].map(whole)));
  await page.getByRole('button', { name: /^Rage/ }).click();
  await settled(page);
  assert.equal(await page.locator('.heat .spot').count(), map.devices[0].cells.filter(({ rage }: any) => rage > 0).length);
});

test('scrolling, exits, forms, searches and links', async () => {
  const scroll = await dashboard.report('scroll', { ...scope, limit: 100 });
  assert.deepEqual(await tableOf(await open('view=behaviour&show=scroll'), 'Scrolling'), scroll.rows.map(({ page, visits, scroll_depth }: any) => [page, whole(visits), percent(scroll_depth)]));
  const exits = await dashboard.report('exits', { ...scope, limit: 100 });
  assert.deepEqual(await columns(await open('view=behaviour&show=exits'), 'Exits', 0, 1, 2, 5), exits.rows.map((row: any) => [row.page, whole(row.exits), whole(row.visits), percent(row.exit_rate)]));
  const forms = await dashboard.report('forms', { ...scope, limit: 100 });
  assert.deepEqual(await tableOf(await open('view=behaviour&show=forms'), 'Forms'), forms.rows.map((row: any) => [row.form, whole(row.starts), whole(row.submits), whole(row.abandons), percent(row.completion_rate)]));
  const [search, links] = [await dashboard.report('search', { ...scope, limit: 100 }), await dashboard.report('links', { ...scope, limit: 100 })];
  const page = await open('view=behaviour&show=search');
  assert.deepEqual(await tableOf(page, 'Search and links'), search.rows.map((row: any) => [row.terms, whole(row.searches), whole(row.visitors), whole(row.without_results)]));
  assert.deepEqual(await tableOf(page, 'Links to other sites and downloads'), links.rows.map((row: any) => [row.url, whole(row.clicks), whole(row.visitors)]));
});

test('events lead to their properties, these to their values, and a value filters', async () => {
  const page = await open('view=behaviour&show=events');
  const { results } = await dashboard.ask({ site_id: site, date_range: '7d', metrics: ['events', 'visitors'], dimensions: ['event:name'] });
  assert.deepEqual(await columns(page, 'Events', 1, 2), results.map(({ metrics }) => metrics.map((value) => whole(value as number))));
  await page.getByRole('button', { name: 'Newsletter signup' }).click();
  await settled(page);
  const values = await dashboard.report('properties', { ...scope, event: 'Newsletter signup', key: 'place' });
  assert.deepEqual(await tableOf(page, 'Values of place'), values.rows.map((row: any) => [row.value, whole(row.events), whole(row.visitors)]));
  await page.getByRole('button', { name: 'footer' }).click();
  await page.getByText('Property place is footer').waitFor();
});

test('retention', async () => {
  const page = await open('view=behaviour&show=retention');
  const cohorts = (await dashboard.report('retention', { ...scope, by: 'day' })).filter(({ visitors }: any) => visitors > 0);
  const rows = await tableOf(page, 'Retention');
  assert.deepEqual(rows.map((row) => row.slice(1).filter((cell) => cell !== '')), cohorts.map(({ visitors, rates }: any) => [whole(visitors), ...rates.map(percent)]));
});

test('commerce: what was sold, on which way, what and by whom', async () => {
  const page = await open('view=commerce');
  const { results: [row] } = await dashboard.ask({ site_id: site, date_range: '7d', metrics: ['total_revenue', 'events', 'average_revenue', 'conversion_rate'], filters: [['is', 'event:goal', ['order']]] });
  const [revenue, orders, average, rate] = row!.metrics as [{ value: number }, number, { value: number }, number];
  const value = (figure: string) => page.locator(`[data-figure=${figure}] .tile-value`).innerText();
  assert.ok(orders > 0);
  assert.deepEqual([await value('total_revenue'), await value('events'), await value('average_revenue'), await value('conversion_rate')], [euros(revenue.value * 100), whole(orders), euros(average.value * 100), percent(rate)]);
  await assertFunnel(page, 'From product to order', toOrder, Object.values(events));
  const products = await dashboard.report('revenue', { ...scope, by: 'product', limit: 50 });
  const sold = products.rows.map(({ group, currencies: [of] }: any) => [group, of.revenue_minor, of.orders, of.quantity]).sort((a: any, b: any) => b[1] - a[1]);
  assert.deepEqual(await tableOf(page, 'Products'), sold.map(([group, minor, orders, quantity]: any) => [group, euros(minor), whole(orders), whole(quantity)]));
});

/** Those that are about nothing but what came. */
const ofEvents = views.filter((view) => !view.includes('live') && (!view.includes('settings') || view.endsWith('data')));

test('of a site without visits every view says that there is nothing', { timeout: 60_000 }, async () => {
  for (const view of ofEvents) {
    const page = await visitor.open(`?site=${empty}&${view}`);
    assert.ok((await page.locator('.notice').count()) > 0, view);
    await page.close();
  }
  assert.deepEqual(visitor.offences, []);
});
