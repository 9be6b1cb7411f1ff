// The shell and the overview in a browser: what is on the screen is what the API answers.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Metric, Query } from '../../edge-collector/api.d.ts';
import { adminKey } from '../support/collector.ts';
import { Dashboard, accessibilityProblems, overflow, settled, tableOf } from '../support/dashboard.ts';
import { visits } from '../support/visits.ts';

const site = 'shop.example';
const empty = 'empty.example';
let dashboard: Dashboard;

before(async () => {
  dashboard = await Dashboard.start({ [site]: { count_bots: true, hosts: ['*'], time_zone: 'Asia/Seoul' }, [empty]: {} });
  for (const { batch, headers, cf } of visits(site, 120, 60, 11, Date.now())) {
    const answer = await dashboard.collector.request('/e', { method: 'POST', body: JSON.stringify(batch), headers: { 'content-type': 'text/plain', ...headers }, cf });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.json.refused, []);
  }
});
after(() => dashboard?.stop());

const whole = (value: unknown) => new Intl.NumberFormat('en-GB').format(value as number);
const koreans = ['is', 'visit:country', ['KR']] as const;
const asked = (more: Partial<Query>): Query => ({ site_id: site, date_range: '7d', metrics: ['visitors'], ...more });

/** The values of the tiles, by their names. */
async function tiles(page: Page): Promise<Record<string, string>> {
  return Object.fromEntries(await page.locator('.tile').evaluateAll((tiles) => tiles.map((tile) => [(tile as HTMLElement).dataset['figure'], tile.querySelector('.tile-value')?.textContent])));
}

async function assertShows(page: Page, filters: Query['filters'] = []): Promise<void> {
  const metrics: Metric[] = ['visitors', 'visits', 'pageviews', 'views_per_visit', 'bounce_rate', 'visit_duration'];
  const [row] = (await dashboard.ask(asked({ metrics, filters }))).results;
  const [visitors, all, pageviews, views, bounces] = row!.metrics as number[];
  const shown = await tiles(page);
  assert.deepEqual([shown['visitors'], shown['visits'], shown['pageviews']], [visitors, all, pageviews].map(whole));
  assert.deepEqual([shown['views_per_visit'], shown['bounce_rate']], [`${Math.round(views! * 10) / 10}`, `${Math.round(bounces! * 10) / 10}%`]);

  const pages = await dashboard.ask(asked({ metrics: ['visitors', 'pageviews'], dimensions: ['event:page'], filters, pagination: { limit: 8 } }));
  assert.deepEqual(await tableOf(page, 'Pages'), pages.results.map(({ dimensions, metrics }) => [dimensions[0], ...metrics.map(whole)]));
  const countries = await dashboard.ask(asked({ dimensions: ['visit:country'], filters, pagination: { limit: 8 } }));
  const names = new Intl.DisplayNames('en-GB', { type: 'region' });
  assert.deepEqual(await tableOf(page, 'Places'), countries.results.map(({ dimensions, metrics }) => [names.of(dimensions[0]!), ...metrics.map(whole)]));
}

test('a key is asked for, a wrong one is refused, and the right one never stands in the address', async () => {
  const visitor = await dashboard.visitor({ key: undefined });
  const page = await visitor.context.newPage();
  await page.goto(`${dashboard.url}/`);
  await page.fill('[name=site]', site);
  await page.fill('[name=key]', 'wrong');
  await page.click('button[type=submit]');
  await page.getByText('This key is not accepted.').waitFor();
  await page.fill('[name=key]', adminKey);
  await page.fill('[name=site]', 'unknown.example');
  await page.click('button[type=submit]');
  await page.getByText('There is no site of this name here.').waitFor();
  await page.fill('[name=site]', site);
  await page.click('button[type=submit]');
  await page.locator('.tile').first().waitFor();
  assert.equal(new URL(page.url()).search, `?site=${site}`);
  await page.reload();
  await page.locator('.tile').first().waitFor();
  assert.deepEqual(await page.evaluate(() => [localStorage.length, document.cookie]), [0, '']);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.locator('[name=key]').waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  assert.deepEqual(visitor.offences, []);
});

test('what is on the screen is what the API answers, with and without a filter, in a second browser, too', async () => {
  const visitor = await dashboard.visitor();
  const page = await visitor.open(`?site=${site}&range=7d`);
  await assertShows(page);

  await page.locator('section[aria-label=Places]').getByRole('button', { name: 'South Korea' }).click();
  await page.getByText('Country is South Korea').waitFor();
  await settled(page);
  const filters: Query['filters'] = [[koreans[0], koreans[1], [...koreans[2]]]];
  await assertShows(page, filters);

  const other = await dashboard.visitor();
  const same = await other.open(new URL(page.url()).search);
  await assertShows(same, filters);
  assert.equal(await same.locator('.chip').count(), 1);
  assert.deepEqual(await tiles(same), await tiles(page));

  await page.goBack();
  await settled(page);
  await assertShows(page);
  assert.deepEqual([...visitor.offences, ...other.offences], []);
});

test('the comparison is that of the API', async () => {
  const visitor = await dashboard.visitor();
  const page = await visitor.open(`?site=${site}&range=day`);
  const answer = await dashboard.ask(asked({ date_range: 'day', metrics: ['visitors', 'bounce_rate'], include: { comparisons: { mode: 'previous_period' } } }));
  const [ofVisitors, ofBounces] = answer.results[0]!.comparison!.change;
  const signed = (value: number) => `${value > 0 ? '+' : ''}${value}`;
  const changeOf = (figure: string) => page.locator(`[data-figure=${figure}] .tile-change`).innerText();
  assert.equal(await changeOf('visitors'), ofVisitors === null ? '' : `${signed(ofVisitors!)}%`);
  assert.equal(await changeOf('bounce_rate'), ofBounces === null ? '' : `${signed(Math.round(ofBounces! * 10) / 10)} pp`);
  assert.deepEqual(visitor.offences, []);
});

test('the chart reads by keyboard what the API answers', async () => {
  const visitor = await dashboard.visitor();
  const page = await visitor.open(`?site=${site}&range=7d&metric=pageviews&compare=none`);
  const answer = await dashboard.ask(asked({ metrics: ['pageviews'], dimensions: ['time:day'], include: { time_labels: true } }));
  const known = new Map(answer.results.map(({ dimensions, metrics }) => [dimensions[0], metrics[0]]));
  await page.getByRole('figure').focus();
  for (const label of answer.meta.time_labels ?? []) {
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.locator('.reading-current b').innerText(), whole(known.get(label) ?? 0), label);
  }
});

test('a table is saved as it was counted, a chart as a picture', async () => {
  const visitor = await dashboard.visitor();
  const page = await visitor.open(`?site=${site}&range=7d`);
  const save = async (panel: string, item: string) => {
    await page.getByRole('button', { name: `Export: ${panel}` }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: item }).click()]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  };
  const pages = await dashboard.ask(asked({ metrics: ['visitors', 'pageviews'], dimensions: ['event:page'], pagination: { limit: 8 } }));
  const lines = pages.results.map(({ dimensions, metrics }) => [dimensions[0], ...metrics].join(','));
  assert.equal((await save('Pages', 'Download CSV')).toString(), `\ufeffPage,Visitors,Page views\r\n${lines.join('\r\n')}\r\n`);
  assert.equal((await save('Visitors over time', 'Download PNG')).subarray(1, 4).toString(), 'PNG');
  assert.deepEqual(visitor.offences, []);
});

test('filters and dates are chosen in the page', async () => {
  const visitor = await dashboard.visitor();
  const page = await visitor.open(`?site=${site}&range=7d`);
  await page.getByRole('button', { name: '+ Filter' }).click();
  await page.getByLabel('What').selectOption('event:page');
  await page.getByLabel('How').selectOption('contains');
  await page.getByLabel('Value').fill('products');
  await page.getByRole('button', { name: 'Add filter' }).click();
  await settled(page);
  const [row] = (await dashboard.ask(asked({ filters: [['contains', 'event:page', ['products']]] }))).results;
  assert.equal((await tiles(page))['visitors'], whole(row!.metrics[0]));
  await page.getByRole('button', { name: /^Remove filter/ }).click();
  await page.getByRole('button', { name: /^Dates/ }).click();
  await page.getByRole('button', { name: 'Today' }).click();
  await settled(page);
  await page.getByRole('button', { name: 'Earlier' }).click();
  await settled(page);
  const [first, last] = new URL(page.url()).searchParams.get('range')!.split('_');
  assert.equal(first, last);
  const seoul = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Seoul' });
  assert.equal(first, seoul.format(Date.now() - 86_400_000));
  assert.deepEqual(visitor.offences, []);
});

test('nothing, no such site, and a collector that is gone each say so', async () => {
  const visitor = await dashboard.visitor();
  const page = await visitor.open(`?site=${empty}`);
  assert.equal(await page.getByText('Nothing in this period').first().isVisible(), true);
  await visitor.open('?site=unknown.example').then((page) => page.getByText('No such site').first().waitFor());
  const forbidden = JSON.stringify({ type: 'about:blank', title: 'Forbidden', status: 403 });
  await visitor.context.route('**/api/v2/query', (route) => route.fulfill({ status: 403, contentType: 'application/problem+json', body: forbidden }));
  await visitor.open(`?site=${site}`).then((page) => page.getByText('You may not see this').first().waitFor());
  await visitor.context.unroute('**/api/v2/query');
  await visitor.context.route('**/api/v2/query', (route) => route.abort());
  const alone = await visitor.open(`?site=${site}`);
  await alone.getByText('The collector cannot be reached.').first().waitFor();
  await visitor.context.unroute('**/api/v2/query');
  await alone.getByRole('button', { name: 'Try again' }).first().click();
  await alone.locator('.tile').first().waitFor();
});

test('an answer that some shards are missing from says so, until another question is asked', async () => {
  const visitor = await dashboard.visitor();
  await visitor.context.route('**/api/v2/query', async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    const isWeek = route.request().postData()?.includes('"7d"');
    await route.fulfill({ response, json: isWeek ? { ...answer, meta: { ...answer.meta, failed_shards: [3] } } : answer });
  });
  const page = await visitor.open(`?site=${site}&range=7d`);
  await page.getByText('these numbers are too low').waitFor();
  await page.getByRole('button', { name: /^Dates/ }).click();
  await page.getByRole('button', { name: 'Today' }).click();
  await page.getByText('these numbers are too low').waitFor({ state: 'detached' });
});

test('a key that is no longer good leads back to signing in', async () => {
  const visitor = await dashboard.visitor({ key: 'an old key' });
  const page = await visitor.context.newPage();
  await page.goto(`${dashboard.url}/?site=${site}`);
  await page.getByText('Your key is no longer accepted.').waitFor();
  assert.equal(await page.inputValue('[name=site]'), site);
});

test('the page comes with its policy, and its files are kept for good', async () => {
  const page = await fetch(`${dashboard.url}/`);
  const policy = page.headers.get('content-security-policy') ?? '';
  for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]) assert.ok(policy.includes(rule), rule);
  assert.doesNotMatch(policy, /unsafe|\*/);
  const html = await page.text();
  assert.doesNotMatch(html, /<script(?![^>]*src=)|\sstyle=|\son\w+=/);
  const [, script] = /src="(\/assets\/[^"]+-[\w-]{8}\.js)"/.exec(html) ?? [];
  assert.equal((await fetch(`${dashboard.url}${script}`)).headers.get('cache-control'), 'public, max-age=31536000, immutable');
});

for (const [name, options] of [
  ['a desktop, light', { colorScheme: 'light' }],
  ['a desktop, dark', { colorScheme: 'dark' }],
  ['a phone, in Korean', { viewport: { width: 360, height: 740 }, locale: 'ko-KR' }],
] as const) {
  test(`${name}: accessible, no wider than its window, and nothing moves`, async () => {
    const visitor = await dashboard.visitor(options);
    await visitor.context.addInitScript(() => {
      const shifts: [number, string][] = ((window as any).shifts = []);
      const what = ({ node, previousRect, currentRect }: any) => `${node?.nodeName}.${node?.className} ${JSON.stringify([previousRect, currentRect])}`;
      new PerformanceObserver((list) => {
        for (const { value, sources } of list.getEntries() as any) shifts.push([value, sources.map(what).join('\n')]);
      }).observe({ type: 'layout-shift', buffered: true });
    });
    const page = await visitor.open(`?site=${site}&range=7d&filter=${encodeURIComponent(JSON.stringify(koreans))}`);
    assert.deepEqual(await accessibilityProblems(page), []);
    assert.equal(await overflow(page), 0);
    const shifts: [number, string][] = await page.evaluate(() => (window as any).shifts);
    assert.ok(shifts.reduce((sum, [value]) => sum + value, 0) <= 0.02, shifts.join('\n'));
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'locale' in options ? 'ko' : 'en');
    assert.deepEqual(visitor.offences, []);
  });
}
