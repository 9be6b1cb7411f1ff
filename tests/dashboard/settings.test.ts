// The settings in a browser: what is set there counts, what is shown is what the API answers, and nobody is offered what they may not do.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { adminKey, custom, pageview } from '../support/collector.ts';
import { Dashboard, type Visitor, settled, tableOf } from '../support/dashboard.ts';

const site = 'shop.example';
let dashboard: Dashboard;
let owner: Visitor;

before(async () => {
  dashboard = await Dashboard.start({ 'fixed.example': { hosts: ['fixed.example'], retention_days: 30 } });
  await dashboard.change('POST', '/api/v1/sites', { site_id: site, shards: 4, time_zone: 'Asia/Seoul', hosts: ['shop.example'] });
  await dashboard.collector.send({ site, events: [pageview('/shared')] });
  owner = await dashboard.visitor();
});
after(() => dashboard?.stop());

const open = (show: string, of = site, visitor = owner) => visitor.open(`?site=${of}&view=settings&show=${show}`);
const read = async (path: string, key = adminKey) => dashboard.collector.request(path, { headers: { authorization: `Bearer ${key}` } });
const whole = (value: number) => new Intl.NumberFormat('en-GB').format(value);
const settingsOf = async (id: string) => (await read(`/api/v1/sites/${id}`)).json;
const controls = (page: Page) => page.locator('main').locator('input, textarea, select, button:not(.icon-button)');

test('a site is made in the page as it was typed, and opened', { timeout: 60_000 }, async () => {
  const page = await open('sites');
  const form = page.getByRole('region', { name: 'A new site' });
  await form.getByLabel('Name', { exact: true }).fill('made.example');
  await form.getByLabel('Hosts').fill('https://Made.example:8443/shop?a=b\n *.made.example \n');
  await form.getByLabel('Time zone').fill('America/New_York');
  await form.getByLabel('Kept for').fill('90');
  await form.getByLabel('Shards').selectOption('4');
  await form.getByRole('button', { name: '+ Filter' }).click();
  await form.getByLabel('Value').fill('/internal');
  await form.getByLabel('How').selectOption('is_not');
  await form.getByRole('button', { name: 'Add filter' }).click();
  await form.getByRole('button', { name: 'Make the site' }).click();
  await page.locator('.check-title').getByText('Waiting for the first event').waitFor();
  assert.equal(new URL(page.url()).searchParams.get('site'), 'made.example');
  const { hosts, time_zone, retention_days, shards, filters } = await settingsOf('made.example');
  assert.deepEqual({ hosts, time_zone, retention_days, shards, filters }, {
    hosts: ['made.example', '*.made.example'], time_zone: 'America/New_York', retention_days: 90, shards: 4, filters: [['is_not', 'event:page', ['/internal']]],
  });
  await page.getByRole('button', { name: 'Site: made.example' }).click();
  await page.getByRole('button', { name: site, exact: true }).click();
  await page.getByRole('button', { name: `Site: ${site}` }).waitFor();
});

test('a setting is changed where it stands; a wrong one is refused with its reason, and what was typed stays', { timeout: 60_000 }, async () => {
  const page = await open('site');
  const setting = (name: string) => page.getByRole('group', { name, exact: true });
  const zone = setting('Time zone');
  await zone.getByRole('combobox').fill('Mars/Olympus');
  await zone.getByRole('button', { name: 'Save' }).click();
  await zone.getByRole('alert').getByText('there is no such time zone').waitFor();
  assert.equal(await zone.getByRole('combobox').inputValue(), 'Mars/Olympus');
  await zone.getByRole('combobox').fill('Europe/Vienna');
  await page.keyboard.press('Enter');
  await zone.getByText('Saved').waitFor();
  await setting('Hosts').getByRole('textbox').fill('shop.example\n*.shop.example');
  await setting('Hosts').getByRole('button', { name: 'Save' }).click();
  await setting('Hosts').getByText('Saved').waitFor();
  await setting('Kept for').getByRole('spinbutton').fill('365');
  await setting('Kept for').getByRole('button', { name: 'Save' }).click();
  await setting('Kept for').getByText('Saved').waitFor();
  await setting('Kept for').getByRole('spinbutton').fill('30');
  await setting('Kept for').getByRole('button', { name: 'Undo changes' }).click();
  assert.equal(await setting('Kept for').getByRole('spinbutton').inputValue(), '365');
  const { hosts, time_zone, retention_days } = await settingsOf(site);
  assert.deepEqual([hosts, time_zone, retention_days], [['shop.example', '*.shop.example'], 'Europe/Vienna', 365]);
  await page.reload();
  await settled(page);
  assert.equal(await zone.getByRole('combobox').inputValue(), 'Europe/Vienna');
});

test('filters of every report hold in every report', { timeout: 60_000 }, async () => {
  await dashboard.collector.send({ site, tab: '00000000000000a2', events: [pageview('/internal', {}, -1000)] }, { 'cf-connecting-ip': '192.0.2.2' });
  const page = await open('site');
  const filters = page.getByRole('group', { name: 'Filters of every report' });
  await filters.getByRole('button', { name: '+ Filter' }).click();
  await filters.getByLabel('How').selectOption('is_not');
  await filters.getByLabel('Value').fill('/internal');
  await filters.getByRole('button', { name: 'Add filter' }).click();
  await filters.getByRole('button', { name: 'Save' }).click();
  await filters.getByText('Saved').waitFor();
  const report = await owner.open(`?site=${site}&range=7d`);
  assert.deepEqual(await tableOf(report, 'Pages'), [['/shared', '1', '1']]);
  await filters.getByRole('button', { name: /^Remove filter/ }).click();
  await filters.getByRole('button', { name: 'Save' }).click();
  await filters.getByText('Saved').waitFor();
  assert.deepEqual((await settingsOf(site)).filters, []);
});

test('a key is shown once, counts, and is refused once it is revoked', { timeout: 60_000 }, async () => {
  const page = await open('access');
  const keys = page.getByRole('region', { name: 'Keys of the site' });
  await keys.getByLabel('Whose it is').fill('a board');
  await keys.getByRole('combobox', { name: 'For', exact: true }).selectOption('read');
  await keys.getByRole('button', { name: 'Make a key' }).click();
  const key = (await keys.getByRole('group', { name: 'The key' }).innerText()).trim();
  assert.match(key, /^passerby_read_[0-9a-f]{64}$/);
  const asked = `/api/v1/sites/${site}`;
  assert.equal((await read(asked, key)).status, 200);
  await keys.getByRole('button', { name: 'I have it' }).click();
  await page.reload();
  await settled(page);
  assert.ok(!(await page.content()).includes(key));
  assert.deepEqual((await tableOf(page, 'Keys of the site')).map(([name, kind]) => [name?.slice(0, 7), kind]), [['a board', 'Reading']]);
  await keys.getByRole('button', { name: 'Revoke a board', exact: true }).click();
  await keys.getByRole('button', { name: 'Revoke a board for good' }).waitFor();
  await page.keyboard.press('Escape');
  assert.equal((await read(asked, key)).status, 200, 'only asked about');
  await keys.getByRole('button', { name: 'Revoke a board', exact: true }).click();
  await keys.getByRole('button', { name: 'Revoke a board for good' }).click();
  await keys.getByText('The site has no key of its own.').waitFor();
  assert.equal((await read(asked, key)).status, 401);
});

test('a share link opens the reports and nothing of the settings', { timeout: 60_000 }, async () => {
  const page = await open('access');
  const links = page.getByRole('region', { name: 'Share links' });
  await links.getByLabel('Whose it is').fill('press');
  await links.getByRole('button', { name: 'Make a link' }).click();
  const link = new URL((await links.getByRole('group', { name: 'The link' }).innerText()).trim());
  assert.equal(link.origin, dashboard.url);
  const guest = await dashboard.visitor({ key: undefined });
  const reports = await guest.open(`${link.search}${link.hash}`);
  assert.equal((await tableOf(reports, 'Pages')).length, 2);
  assert.equal(await reports.getByRole('link', { name: 'Settings' }).count(), 0);
  for (const show of ['install', 'site', 'access', 'data', 'sites']) {
    const refused = await guest.open(`?site=${site}&view=settings&show=${show}${link.hash}`);
    assert.equal(await refused.getByText('You may not see this').isVisible(), true, show);
    assert.equal(await controls(refused).count(), 0, show);
    await refused.close();
  }
  assert.deepEqual(guest.offences, []);
});

test('a public site is opened and closed by its switch', { timeout: 60_000 }, async () => {
  const page = await open('access');
  const setting = page.getByRole('group', { name: 'Open to anybody' });
  const token = async () => (await dashboard.collector.request('/api/v1/token', { method: 'POST', body: JSON.stringify({ site_id: site }) })).status;
  assert.equal(await token(), 401);
  await setting.getByRole('checkbox').check();
  await setting.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('group', { name: 'Public address' }).getByText(`${dashboard.url}/?site=${site}`).waitFor();
  assert.equal(await token(), 200);
  await setting.getByRole('checkbox').uncheck();
  await setting.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('group', { name: 'Public address' }).waitFor({ state: 'detached' });
  assert.equal(await token(), 401);
});

test('who may only read sees what there is, and no control that would be refused', { timeout: 60_000 }, async () => {
  const { key } = await dashboard.change('POST', `/api/v1/sites/${site}/keys`, { kind: 'read', name: 'a reader' });
  const reader = await dashboard.visitor({ key });
  const page = await open('site', site, reader);
  assert.deepEqual(await page.locator('nav.reports a').allInnerTexts(), ['Install', 'Site', 'Goals and more', 'Incoming']);
  assert.equal(await page.getByText('Europe/Vienna').isVisible(), true);
  assert.equal(await controls(page).count(), 0);
  for (const show of ['access', 'log', 'sites', 'account']) {
    const refused = await open(show, site, reader);
    assert.equal(await refused.getByText('You may not see this').isVisible(), true, show);
    await refused.close();
  }
  // Not even who owns the account changes here what stands in the variable.
  const fixed = await open('site', 'fixed.example');
  assert.equal(await fixed.getByText('This site stands in wrangler.toml').isVisible(), true);
  assert.equal(await fixed.getByText('30 days').isVisible(), true);
  assert.equal(await controls(fixed).count(), 0);
  assert.deepEqual(reader.offences, []);
});

test('outcomes, refused events and storage are those of the API', { timeout: 60_000 }, async () => {
  const odd = [pageview('/odd', { host: 'evil.example' }), custom(''), custom('x'.repeat(300)), pageview('/right', { host: 'shop.example' })];
  for (const address of ['192.0.2.31', '192.0.2.32', '192.0.2.32']) await dashboard.collector.send({ site, tab: `00000000000000c${address.slice(-1)}`, events: odd }, { 'cf-connecting-ip': address });
  await dashboard.collector.send({ site, tab: '00000000000000c9', events: [pageview('/')] }, { 'user-agent': 'curl/8.5.0' });
  // Compared with what the page was answered: shards go on writing by themselves.
  const toldOfStorage = owner.context.waitForEvent('response', (answer) => new URL(answer.url()).pathname === '/api/v1/storage');
  const page = await open('data');
  const { json: outcomes } = await read(`/api/v1/outcomes?site_id=${site}`);
  const rows = await tableOf(page, 'Outcomes');
  const names: Record<string, string> = { Counted: 'accepted', 'Sent again, counted before': 'duplicate' };
  const shown = rows.map(([name = '', count]) => [names[name] ?? `refused:${name.split(' ').at(-1)}`, count]);
  assert.deepEqual(Object.fromEntries(shown), Object.fromEntries(Object.entries<number>(outcomes.results).map(([name, count]) => [name, whole(count)])));
  assert.ok(Object.keys(outcomes.results).length >= 5);
  await page.getByText(`Events received: ${whole(outcomes.received)}`).waitFor();
  // The minutes of the chart add up to the same.
  const parts = await page.locator('.stacked g > title').allTextContents();
  const drawn = parts.flatMap((title) => title.split('\n').slice(1)).reduce((sum, line) => sum + Number(line.split(': ')[1]), 0);
  assert.equal(drawn, outcomes.received);

  const { json: rejects } = await read(`/api/v1/rejects?site_id=${site}`);
  assert.ok(rejects.results.length > 0);
  assert.deepEqual((await tableOf(page, 'Refused events')).map(([, why = '', event]) => [why.split(' ').at(-1), event]), rejects.results.map(({ reason, event }: any) => [reason, event]));
  const storage = await (await toldOfStorage).json();
  assert.deepEqual((await tableOf(page, 'Storage')).map(([shard, , batches, rows]) => [shard, batches, rows]), storage.results.map(({ shard, batches, rows_written }: any) => [shard, batches, rows_written].map(whole)));
  assert.equal(storage.results.length, 4);
});

test('the log is that of the API, in words', { timeout: 60_000 }, async () => {
  const page = await open('log');
  const { json } = await read(`/api/v1/sites/${site}/audit`);
  const rows = await tableOf(page, 'Who changed what');
  assert.deepEqual(rows.map(([, , what, who]) => [what, who]), json.results.map(({ what, who }: any) => [what, who]));
  assert.equal(rows.at(-1)?.[1], 'Site made');
  const account = await open('account');
  assert.ok((await tableOf(account, 'Who changed what of the account')).length >= 2);
});

test('a site is deleted by typing its name, and gone', { timeout: 60_000 }, async () => {
  await dashboard.change('POST', '/api/v1/sites', { site_id: 'gone.example' });
  const page = await open('site', 'gone.example');
  await page.getByRole('button', { name: 'Delete gone.example' }).click();
  const dialog = page.getByRole('dialog');
  const button = dialog.getByRole('button', { name: 'Delete for good' });
  await dialog.getByRole('textbox').fill('gone');
  assert.equal(await button.isDisabled(), true);
  await dialog.getByRole('textbox').fill('gone.example');
  await button.click();
  await page.getByRole('region', { name: 'Sites' }).getByRole('button', { name: `Open ${site}` }).waitFor();
  assert.ok((await tableOf(page, 'Sites')).every(([name]) => name !== 'gone.example'));
  assert.equal((await read('/api/v1/sites/gone.example')).status, 404);
});

test('whatever keys, sites and events are called shows as text', { timeout: 60_000 }, async () => {
  const hostile = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "javascript:alert('x')", '{who}</td>'];
  // A site of its own: of what is refused in a minute only the first are listed, and other tests have some refused, too.
  const site = 'names.example';
  await dashboard.change('POST', '/api/v1/sites', { site_id: site, hosts: ['shop.example'] });
  for (const name of hostile) await dashboard.change('POST', `/api/v1/sites/${site}/keys`, { kind: 'ingest', name });
  await dashboard.change('PATCH', `/api/v1/sites/${site}`, { aliases: hostile });
  await dashboard.collector.send({ site, tab: '00000000000000d1', events: hostile.map((text) => pageview(`/${text}`, { host: text })) }, { 'cf-connecting-ip': '192.0.2.41' });
  for (const [show, title] of [['access', 'Keys of the site'], ['log', 'Who changed what'], ['data', 'Refused events']] as const) {
    const page = await open(show, site);
    const shown = JSON.stringify(await tableOf(page, title));
    for (const text of hostile) assert.ok(shown.includes(JSON.stringify(text).slice(1, -1).replaceAll('\\"', '\\\\\\"')) || shown.includes(JSON.stringify(text).slice(1, -1)), `${show}: ${text}`);
    assert.equal(await page.locator('main :is(script, img, iframe)').count(), 0);
    await page.close();
  }
  const install = await open('install', site);
  await install.getByText(`From pages of`).waitFor();
  const aliases = await open('site', site);
  assert.equal(await aliases.getByRole('group', { name: 'Other names' }).getByRole('textbox').inputValue(), hostile.join('\n'));
});

// The last of those that share a page's notes.
test('nothing of all that broke a rule of the page', () => {
  assert.deepEqual(owner.offences.filter((offence) => !/400 \(Bad Request\)/.test(offence)), []);
});
