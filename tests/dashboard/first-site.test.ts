// A collector without sites: whoever owns it signs in by the key alone, and makes the first one.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { adminKey } from '../support/collector.ts';
import { Dashboard } from '../support/dashboard.ts';

let dashboard: Dashboard;
before(async () => {
  dashboard = await Dashboard.start({});
});
after(() => dashboard?.stop());

test('the first site is made after signing in without one, and found by the next who signs in so', { timeout: 60_000 }, async () => {
  const visitor = await dashboard.visitor({ key: undefined });
  const page = await visitor.context.newPage();
  const signIn = async (key: string) => {
    await page.goto(`${dashboard.url}/`);
    await page.fill('[name=key]', key);
    await page.click('button[type=submit]');
  };
  await signIn('passerby_read_00');
  await page.getByText('This is not the account’s key.').waitFor();
  await signIn(adminKey);
  await page.getByText('There is no site yet').waitFor();
  const form = page.getByRole('region', { name: 'A new site' });
  await form.getByLabel('Name', { exact: true }).fill('first.example');
  await form.getByRole('button', { name: 'Make the site' }).click();
  await page.locator('.check-title').getByText('Waiting for the first event').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signIn(adminKey);
  await page.locator('.tile').first().waitFor();
  assert.equal(new URL(page.url()).searchParams.get('site'), 'first.example');
  assert.deepEqual(visitor.offences, []);
});
