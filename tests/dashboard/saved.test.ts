// What a site saves by name, in a browser: made in the page by whoever may, seen by all, and counted as the API counts it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Filters, Saved } from '../../edge-collector/api.d.ts';
import { adminKey } from '../support/collector.ts';
import { Dashboard, type Visitor, accessibilityProblems, overflow, settled, tableOf } from '../support/dashboard.ts';
import { visits } from '../support/visits.ts';

const site = 'shop.example';
const scope = { site_id: site, date_range: '7d' as const };
let dashboard: Dashboard;
let owner: Visitor;
let reader: Visitor;

async function api(method: string, path: string, body?: object): Promise<any> {
  const init = { method, headers: { authorization: `Bearer ${adminKey}` }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const answer = await dashboard.collector.request(`/api/v1/sites/${path}`, init);
  assert.ok(answer.status < 300, answer.text);
  return answer.json;
}

const saved = async (): Promise<Saved> => (await api('GET', `${site}/saved`)).results;
const put = (kind: keyof Saved, name: string, value: object, of = site) => api('PUT', `${of}/saved/${kind}/${encodeURIComponent(name)}`, value);

before(async () => {
  const of = { count_bots: true, hosts: ['*'], time_zone: 'Asia/Seoul' };
  dashboard = await Dashboard.start({ [site]: { ...of, goals: { Declared: { event: 'order' } } }, 'hostile.example': of });
  for (const { batch, headers, cf } of visits(site, 120, 60, 11, Date.now())) {
    const answer = await dashboard.collector.request('/e', { method: 'POST', body: JSON.stringify(batch), headers: { 'content-type': 'text/plain', ...headers }, cf });
    assert.equal(answer.status, 200, answer.text);
  }
  owner = await dashboard.visitor();
  const { key } = await api('POST', `${site}/keys`, { kind: 'share', name: 'a test' });
  reader = await dashboard.visitor({ key });
});
after(() => dashboard?.stop());

const whole = (value: unknown) => new Intl.NumberFormat('en-GB').format(value as number);
const percent = (value: number | null) => (value === null ? '–' : `${new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 }).format(value)}%`);
const open = (visitor: Visitor, query = '') => visitor.open(`?site=${site}&range=7d&${query}`);
const tile = (page: Page, figure: string) => page.locator(`[data-figure=${figure}] .tile-value`).innerText();
const dialog = (page: Page) => page.locator('dialog[open]');

async function gone(page: Page): Promise<void> {
  await dialog(page).waitFor({ state: 'detached' });
  await settled(page);
}

async function assertGoals(page: Page, names: string[], filters: Filters = []): Promise<void> {
  const { results } = await dashboard.ask({ ...scope, filters, metrics: ['visitors', 'events', 'conversion_rate'], dimensions: ['event:goal'] });
  const reached = new Map(results.map(({ dimensions: [name], metrics }) => [name, metrics]));
  const rows = (await tableOf(page, 'Goals')).map(([name, ...cells]) => [name!, ...cells]);
  const expected = names.map((name) => {
    const [visitors, events, rate] = (reached.get(name) ?? [0, 0, 0]) as number[];
    return [name, whole(visitors), whole(events), percent(rate!)];
  });
  assert.deepEqual(rows.sort(), expected.sort());
  const any = await dashboard.ask({ ...scope, filters: [...filters, ['is', 'event:goal', names]], metrics: ['conversion_rate'] });
  assert.equal(await tile(page, 'conversion_rate'), percent(any.results[0]!.metrics[0] as number));
}

test('a goal that is made in the page is counted there, reached or not, and in every other browser', { timeout: 60_000 }, async () => {
  const page = await open(owner);
  await assertGoals(page, ['Declared']);
  for (const [kind, pattern, name] of [['event', 'Newsletter signup', ''], ['page', '/products/*', 'Looked at a product'], ['event', 'Nothing does this', 'Never']] as const) {
    await page.getByRole('button', { name: '+ Goal' }).click();
    await dialog(page).getByLabel('Reached by').selectOption(kind);
    await dialog(page).getByLabel('* for anything').fill(pattern);
    if (name !== '') await dialog(page).getByLabel('Name', { exact: true }).fill(name);
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await gone(page);
  }
  const names = ['Declared', 'Newsletter signup', 'Looked at a product', 'Never'];
  await assertGoals(page, names);
  assert.deepEqual((await saved()).goals.map(({ name, value }) => [name, value]), [
    ['Newsletter signup', { event: 'Newsletter signup' }], ['Looked at a product', { page: '/products/*' }], ['Never', { event: 'Nothing does this' }], ['Declared', { event: 'order' }],
  ]);
  await assertGoals(await open(reader), names);
  const koreans: Filters = [['is', 'visit:country', ['KR']]];
  await assertGoals(await open(reader, `filter=${encodeURIComponent(JSON.stringify(koreans[0]))}`), names, koreans);

  // The tile leads to the chart of it, and a row filters by the goal.
  await page.locator('[data-figure=conversion_rate]').click();
  await page.getByRole('figure', { name: 'Conversion over time' }).waitFor();
  await page.locator('section[aria-label=Goals]').getByRole('button', { name: 'Looked at a product' }).click();
  await page.getByText('Goal is Looked at a product').waitFor();
  await settled(page);
  const [row] = (await dashboard.ask({ ...scope, filters: [['is', 'event:goal', ['Looked at a product']]], metrics: ['visitors'] })).results;
  assert.equal(await tile(page, 'visitors'), whole(row!.metrics[0]));
});

test('a goal with a property, and one that the collector refuses', { timeout: 60_000 }, async () => {
  const page = await open(owner);
  await page.getByRole('button', { name: '+ Goal' }).click();
  await dialog(page).getByLabel('* for anything').fill('Newsletter signup');
  await dialog(page).getByLabel('Only with the property').fill('place');
  await dialog(page).getByLabel('which is').fill('footer');
  await dialog(page).getByLabel('Name', { exact: true }).fill('Declared');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await dialog(page).getByRole('alert').filter({ hasText: 'wrangler.toml' }).waitFor();
  await dialog(page).getByLabel('Name', { exact: true }).fill('From the footer');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await gone(page);
  assert.deepEqual((await saved()).goals.find(({ name }) => name === 'From the footer')?.value, { event: 'Newsletter signup', props: { place: 'footer' } });
});

test('filters are saved as a segment, picked by its name, and its address shows it in another browser', { timeout: 60_000 }, async () => {
  const filters: Filters = [['is', 'visit:country', ['KR']], ['is', 'visit:device', ['Mobile']]];
  const page = await open(owner, filters.map((filter) => `filter=${encodeURIComponent(JSON.stringify(filter))}`).join('&'));
  await page.getByRole('button', { name: 'Segments' }).click();
  await page.getByLabel('Save these filters as a segment').fill('Koreans on phones');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByLabel('Save these filters as a segment').waitFor({ state: 'detached' });
  assert.deepEqual((await saved()).segments, [{ name: 'Koreans on phones', origin: 'api', value: filters }]);

  await page.getByRole('button', { name: 'Clear all' }).click();
  await page.getByRole('button', { name: 'Segments' }).click();
  await page.getByRole('button', { name: 'Koreans on phones', exact: true }).click();
  await page.getByText('Segment is Koreans on phones').waitFor();
  await settled(page);
  const [row] = (await dashboard.ask({ ...scope, filters, metrics: ['visitors', 'pageviews', 'views_per_visit'] })).results;
  const shown = async (page: Page) => [await tile(page, 'visitors'), await tile(page, 'pageviews')];
  assert.deepEqual(await shown(page), row!.metrics.slice(0, 2).map(whole));
  const elsewhere = await reader.open(new URL(page.url()).search);
  assert.deepEqual(await shown(elsewhere), row!.metrics.slice(0, 2).map(whole));
  assert.equal(await elsewhere.locator('[data-figure=views_per_visit]').count(), 1);

  // The same press takes it away, and a segment of single pages leaves out what is of whole visits.
  await put('segments', 'Readers', [['is', 'event:page', ['/products*', '/products']]]);
  const other = await open(reader, `filter=${encodeURIComponent('["is","segment",["Readers"]]')}`);
  const [readers] = (await dashboard.ask({ ...scope, filters: [['is', 'segment', ['Readers']]], metrics: ['visitors'] })).results;
  assert.equal(await tile(other, 'visitors'), whole(readers!.metrics[0]));
  assert.equal(await other.locator('[data-figure=views_per_visit]').count(), 0);
  await other.getByRole('button', { name: 'Segments' }).click();
  await other.getByRole('button', { name: 'Readers', exact: true }).click();
  await other.getByText('Segment is Readers').waitFor({ state: 'detached' });
  await settled(other);
  assert.equal(await other.locator('[data-figure=views_per_visit]').count(), 1);
});

test('a funnel is saved as it is built, picked elsewhere, and replaced', { timeout: 60_000 }, async () => {
  const page = await open(owner, 'view=behaviour');
  const form = page.locator('section[aria-label=Steps]');
  await form.getByLabel('Kind of step 1').selectOption('page');
  await form.getByLabel('Name of step 1').fill('/products*');
  await form.getByLabel('Counted by').selectOption('In one visit');
  await settled(page);
  await form.getByLabel('Kind of step 1').selectOption('page');
  await form.getByLabel('Name of step 1').fill('/products*');
  await form.getByLabel('Save as').fill('From looking to buying');
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByLabel('Saved funnels').waitFor();
  await settled(page);
  const value = { steps: [{ page: '/products*' }, { event: 'cart_add' }, { event: 'checkout' }, { event: 'order' }], by: 'session', order: 'ordered' };
  assert.deepEqual((await saved()).funnels, [{ name: 'From looking to buying', origin: 'api', value }]);
  await put('funnels', 'Signing up', { steps: [{ page: '/' }, { event: 'Newsletter signup', props: { place: 'footer' } }], window: '1d' });

  const other = await open(reader, 'view=behaviour');
  for (const [name, first] of [['From looking to buying', '/products*'], ['Signing up', '/']] as const) {
    await other.getByLabel('Saved funnels').selectOption(name);
    await other.getByRole('rowheader', { name: first, exact: true }).waitFor();
    await settled(other);
    const funnel = await dashboard.report('funnel', { ...scope, funnel: name });
    const rows = (await tableOf(other, 'Funnel')).map((row) => row.slice(1, 3));
    assert.deepEqual(rows, funnel.steps.map(({ count, conversion_rate }: any) => [whole(count), percent(conversion_rate)]));
    assert.equal(await other.getByLabel('Saved funnels').inputValue(), name);
    const again = await reader.open(new URL(other.url()).search);
    assert.deepEqual(await tableOf(again, 'Funnel'), await tableOf(other, 'Funnel'));
    assert.equal(await again.getByLabel('Saved funnels').inputValue(), name);
  }
  // A step that the form has no fields for stays what it is.
  await page.getByLabel('Saved funnels').waitFor();
  const mine = await open(owner, 'view=behaviour');
  await mine.getByLabel('Saved funnels').selectOption('Signing up');
  await settled(mine);
  await mine.getByLabel('Name of step 1').fill('/products');
  await mine.getByRole('button', { name: 'Replace' }).click();
  await mine.getByRole('rowheader', { name: '/products', exact: true }).waitFor();
  const { value: replaced } = (await saved()).funnels.find(({ name }) => name === 'Signing up')!;
  assert.deepEqual(replaced.steps, [{ page: '/products' }, { event: 'Newsletter signup', props: { place: 'footer' } }]);
  assert.equal(replaced.window, '1d');
});

const seoul = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Seoul' });
const daysAgo = (days: number) => seoul.format(Date.now() - days * 86_400_000);

test('an annotation is added from the chart, stands at its day, tells itself to whoever reads, and is changed and removed', { timeout: 60_000 }, async () => {
  const page = await open(owner, 'compare=none');
  await page.getByRole('button', { name: '+ Annotation' }).click();
  assert.equal(await dialog(page).getByLabel('Date').inputValue(), daysAgo(0), 'of today by the site’s clocks');
  await dialog(page).getByLabel('What happened').fill('Newsletter sent');
  await dialog(page).getByLabel('Date').fill(daysAgo(2));
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await gone(page);
  await put('annotations', 'at-noon', { at: `${daysAgo(1)}T12:00`, text: 'Shop closed for lunch' });
  await put('annotations', 'long-ago', { at: '2020-02-20', text: 'Out of sight' });

  const other = await open(reader, 'compare=none');
  const marks = other.getByRole('list', { name: 'Annotations' });
  assert.equal(await marks.getByRole('note').count(), 2);
  const first = marks.getByRole('note').first();
  await first.focus();
  assert.equal(await first.locator('.note-text').evaluate((told) => getComputedStyle(told).opacity), '1');
  assert.match(await first.innerText(), /Newsletter sent/);
  // Where the keyboard reads the day, there the mark is.
  const figure = other.getByRole('figure');
  await figure.focus();
  await other.keyboard.press('End');
  await other.keyboard.press('ArrowLeft');
  await other.keyboard.press('ArrowLeft');
  const left = (selector: string) => other.locator(selector).first().evaluate((element) => Number.parseFloat((element as HTMLElement).style.left));
  assert.ok(Math.abs((await left('.reading')) - (await left('.marks li'))) <= 1);
  // By hours the same note stands at midnight, and the other one at noon.
  const hours = await reader.open(`?site=${site}&compare=none&range=${daysAgo(2)}_${daysAgo(1)}`);
  await hours.getByRole('list', { name: 'Annotations' }).getByRole('note').nth(1).waitFor();
  const share = () => hours.locator('.marks li').evaluateAll((marks) => marks.map((mark) => Number((mark as HTMLElement).style.getPropertyValue('--share'))));
  assert.deepEqual((await share()).map((share) => Math.round(share * 47)), [0, 36]);

  await page.reload();
  await settled(page);
  await page.getByRole('button', { name: 'Newsletter sent' }).click();
  await dialog(page).getByLabel('What happened').fill('Newsletter sent to 4,200 people');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await gone(page);
  await page.getByRole('button', { name: 'Newsletter sent to 4,200 people' }).click();
  assert.ok((await saved()).annotations.some(({ value }) => value.text === 'Newsletter sent to 4,200 people' && value.at === daysAgo(2)));
  await dialog(page).getByRole('button', { name: 'Remove' }).click();
  await gone(page);
  assert.deepEqual((await saved()).annotations.map(({ name }) => name).sort(), ['at-noon', 'long-ago']);
});

test('whoever may not change what is saved sees it, and nothing that would refuse them', { timeout: 60_000 }, async () => {
  const { key } = await api('POST', `${site}/keys`, { kind: 'read', name: 'a test' });
  for (const visitor of [reader, await dashboard.visitor({ key })]) {
    for (const query of ['', `filter=${encodeURIComponent('["is","visit:country",["KR"]]')}`, 'view=behaviour', 'view=commerce']) {
      const page = await open(visitor, query);
      for (const name of ['+ Goal', '+ Annotation', 'Save', 'Replace', 'Remove']) assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, `${query} ${name}`);
      await page.getByRole('button', { name: 'Segments' }).click();
      assert.equal(await page.getByLabel('Save these filters as a segment').count(), 0, query);
      await page.close();
    }
    assert.deepEqual(visitor.offences, []);
  }
});

test('the settings list what is saved, open it where it is used, change it and remove it', { timeout: 60_000 }, async () => {
  await put('segments', 'Buyers', [['or', [['has_done', ['is', 'event:goal', ['order']]], ['is', 'visit:country', ['KR']]]]]);
  const mine = await dashboard.visitor();
  const page = await mine.open(`?site=${site}&view=settings&show=saved`);
  const all = await saved();
  const names = async (title: string) => (await tableOf(page, title)).map(([name]) => name);
  assert.deepEqual(await names('Goals'), all.goals.map(({ name }) => name));
  assert.deepEqual(await names('Segments'), all.segments.map(({ name }) => name));
  assert.deepEqual(await names('Funnels'), all.funnels.map(({ name }) => name));
  assert.deepEqual(await names('Annotations'), all.annotations.sort((a, b) => (a.value.at < b.value.at ? 1 : -1)).map(({ value }) => value.text));
  const definitions = new Map((await tableOf(page, 'Segments')).map(([name, definition]) => [name, definition]));
  assert.equal(definitions.get('Koreans on phones'), 'Country is South KoreaDevice is Mobile');
  assert.equal(definitions.get('Buyers'), '(Did in the visit: Goal is Order or Country is South Korea)');
  const declared = page.getByRole('row', { name: 'Declared' });
  assert.equal(await declared.getByRole('button').count(), 0);
  await declared.getByText('in wrangler.toml').waitFor();

  await page.getByRole('button', { name: 'Edit: From the footer' }).click();
  assert.equal(await dialog(page).getByLabel('which is').inputValue(), 'footer');
  await dialog(page).getByLabel('which is').fill('story');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await gone(page);
  assert.deepEqual((await saved()).goals.find(({ name }) => name === 'From the footer')?.value.props, { place: 'story' });
  await page.getByRole('button', { name: '+ Annotation' }).click();
  await dialog(page).getByLabel('What happened').fill('Price lowered');
  await dialog(page).getByLabel('Date').fill(daysAgo(3));
  await dialog(page).getByLabel('Time').fill('09:30');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await gone(page);
  assert.ok((await saved()).annotations.some(({ value }) => value.at === `${daysAgo(3)}T09:30` && value.text === 'Price lowered'));
  for (const name of ['Never', 'Price lowered']) {
    await page.getByRole('button', { name: `Remove: ${name}`, exact: true }).click();
    await page.getByRole('button', { name: `Really remove: ${name}`, exact: true }).click();
    await page.getByRole('row', { name }).waitFor({ state: 'detached' });
  }
  assert.ok(!JSON.stringify(await saved()).match(/Never|Price lowered/));

  await page.getByRole('link', { name: 'Open: Koreans on phones' }).click();
  await page.getByText('Country is South Korea').first().waitFor();
  assert.deepEqual(new URL(page.url()).searchParams.getAll('filter'), ['["is","visit:country",["KR"]]', '["is","visit:device",["Mobile"]]']);
  await page.goBack();
  await page.getByRole('link', { name: 'Open: Signing up' }).click();
  await page.getByLabel('Saved funnels').waitFor();
  assert.equal(await page.getByLabel('Saved funnels').inputValue(), 'Signing up');
  assert.deepEqual(mine.offences, []);

  // What something else needs stays, and says what needs it.
  await put('funnels', 'Of buyers', { steps: [{ page: '/', filters: [['is', 'segment', ['Buyers']]] }, { event: 'order' }] });
  await page.goto(`${dashboard.url}/?site=${site}&view=settings&show=saved`);
  await page.getByRole('button', { name: 'Remove: Buyers' }).click();
  await page.getByRole('button', { name: 'Really remove: Buyers' }).click();
  await page.getByRole('alert').filter({ hasText: 'funnels.Of buyers' }).waitFor();
  assert.ok((await saved()).segments.some(({ name }) => name === 'Buyers'));
});

test('with a read key the settings list what is saved, and change nothing', { timeout: 60_000 }, async () => {
  const { key } = await api('POST', `${site}/keys`, { kind: 'read', name: 'a test' });
  const visitor = await dashboard.visitor({ key });
  const page = await visitor.open(`?site=${site}&view=settings&show=saved`);
  assert.equal((await tableOf(page, 'Goals')).length, (await saved()).goals.length);
  assert.equal(await page.locator('main').getByRole('button', { name: /^(Edit|Remove|\+)/ }).count(), 0);
  // Whoever may not save looks at the segment itself.
  await page.getByRole('link', { name: 'Open: Koreans on phones' }).click();
  await page.getByText('Segment is Koreans on phones').waitFor();
  assert.deepEqual(visitor.offences, []);
});

test('hostile names show as text', { timeout: 60_000 }, async () => {
  const hostile = ['<img src=x onerror=alert(1)>', '"><script>alert(1)</script>', "javascript:alert('x')", '{{constructor.constructor("alert(1)")()}}', '../../etc/passwd', '%00%0d%0a'];
  const of = 'hostile.example';
  await dashboard.collector.send({ site: of, events: [{ pageview: { path: '/' } }, { custom: { name: 'Signup' } }] });
  for (const name of hostile) {
    await put('goals', name, { event: 'Signup' }, of);
    await put('segments', name, [['is', 'event:name', [name]]], of);
    await put('funnels', name, { steps: [{ page: '/', name }, { event: name }] }, of);
    await put('annotations', name, { at: daysAgo(0), text: name }, of);
  }
  const visitor = await dashboard.visitor();
  const page = await visitor.open(`?site=${of}&range=7d`);
  assert.deepEqual((await tableOf(page, 'Goals')).map(([name]) => name).sort(), [...hostile].sort());
  const notes = await page.locator('.note-text > span').allInnerTexts();
  for (const name of hostile) assert.ok(notes.some((note) => note.endsWith(name)), name);
  for (const name of hostile) {
    await page.getByRole('button', { name: 'Segments' }).click();
    await page.locator('.filters').getByRole('button', { name, exact: true }).click();
    await page.getByText(`Segment is ${name}`).waitFor();
    await settled(page);
    await page.getByRole('button', { name: 'Segments' }).click();
    await page.locator('.filters .menu-panel').getByRole('button', { name, exact: true }).click();
  }
  const behaviour = await visitor.open(`?site=${of}&range=7d&view=behaviour`);
  for (const name of hostile) {
    await behaviour.getByLabel('Saved funnels').selectOption(name);
    await behaviour.getByRole('rowheader', { name, exact: true }).first().waitFor();
  }
  const settings = await visitor.open(`?site=${of}&view=settings&show=saved`);
  for (const list of ['Goals', 'Segments', 'Funnels', 'Annotations']) assert.deepEqual((await tableOf(settings, list)).map(([name]) => name).sort(), [...hostile].sort(), list);
  assert.deepEqual(visitor.offences, []);
});

for (const [name, options] of [
  ['a desktop, dark', { colorScheme: 'dark' }],
  ['a phone, in Korean', { viewport: { width: 360, height: 740 }, locale: 'ko-KR' }],
] as const) {
  test(`${name}: what is saved is accessible and no wider than its window, forms too`, { timeout: 60_000 }, async () => {
    await put('annotations', 'at-noon', { at: `${daysAgo(1)}T12:00`, text: 'Shop closed for lunch' });
    const visitor = await dashboard.visitor(options);
    const page = await open(visitor, `filter=${encodeURIComponent('["is","segment",["Readers"]]')}`);
    const isFine = async (what: string) => {
      assert.deepEqual(await accessibilityProblems(page), [], what);
      assert.equal(await overflow(page), 0, what);
    };
    await isFine('overview');
    for (const button of [page.locator('.chart-head .quiet'), page.locator('.note-mark').first(), page.locator('.breakdown .panel-head .quiet')]) {
      await button.click();
      await dialog(page).waitFor();
      await isFine(await dialog(page).innerText());
      await page.keyboard.press('Escape');
      await dialog(page).waitFor({ state: 'detached' });
    }
    await page.close();
    for (const view of ['view=behaviour', 'view=settings&show=saved']) {
      const page = await open(visitor, view);
      assert.deepEqual(await accessibilityProblems(page), [], view);
      assert.equal(await overflow(page), 0, view);
    }
    assert.deepEqual(visitor.offences, []);
  });
}
