// Whatever visitors send shows as text: no dialog, no new script or image, nothing that the page's policy had to refuse.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../support/collector.ts';
import { Dashboard, settled } from '../support/dashboard.ts';
import { views } from '../support/views.ts';

const folder = path.join(process.env['PASSERBY_DATA'] ?? path.join(root, '../shared/data'), 'adversarial');
const lists = ['xss-payload-list.txt', 'blns.json'].map((name) => path.join(folder, name));
const missing = lists.every(existsSync) ? false : 'the lists of ../shared/data/adversarial are not there';
const site = 'shop.example';
let dashboard: Dashboard;

function payloads(): string[] {
  const [lines, json] = lists.map((file) => readFileSync(file, 'utf8'));
  return [...new Set([...lines!.split('\n'), ...(JSON.parse(json!) as string[])])].filter((text) => text.trim() !== '');
}

/** No longer than the protocol lets a name be: longer ones are refused. */
const short = (text: string) => Array.from(text).slice(0, 60).join('');

before(async () => {
  if (missing !== false) return;
  dashboard = await Dashboard.start({ [site]: { count_bots: true, hosts: ['*'] } });
  const all = payloads();
  for (let place = 0; place < all.length; place += 10) {
    const events = all.slice(place, place + 10).flatMap((text) => [
      { pageview: { path: `/${text}`, title: text, referrer: `https://elsewhere.example/${text}`, query: `utm_campaign=${encodeURIComponent(text)}&utm_source=${encodeURIComponent(text)}` } },
      { custom: { name: short(text), props: { [short(text)]: text } } },
      { search: { terms: text, results: 0 } },
      { click: { element: text, text, x_myriad: 100, y_myriad: 100 } },
      { form_start: { form: short(text), field: short(text) } },
      { outbound: { url: `https://elsewhere.example/${text}`, text } },
    ]);
    const tab = (0x7000_0000_0000_0000n + BigInt(place)).toString(16);
    const answer = await dashboard.collector.send({ site, tab, events }, { 'cf-connecting-ip': `192.0.2.${place % 250}` });
    assert.equal(answer.status, 200, answer.text);
    assert.ok(answer.json.accepted > 0);
  }
});
after(() => dashboard?.stop());

/** Opens views, presses what can be pressed to see more, and gives what the page had to refuse or should not have done. */
test('every hostile string shows as text', { skip: missing, timeout: 300_000 }, async () => {
  const visitor = await dashboard.visitor();
  await visitor.context.addInitScript(() => {
    (window as any).refused = [];
    document.addEventListener('securitypolicyviolation', (event) => (window as any).refused.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  const page = await visitor.open(`?site=${site}&range=7d`);
  const before = await page.evaluate(() => [document.scripts.length, document.images.length, document.querySelectorAll('iframe, object, embed, base').length]);

  for (const [panel, tab] of [['Pages', 'Top'], ['Pages', 'Entry'], ['Pages', 'Exit'], ['Sources', 'Referrers'], ['Sources', 'Sources'], ['Campaigns', 'Campaign'], ['Campaigns', 'Source'], ['Goals', '']] as const) {
    const section = page.locator(`section[aria-label="${panel}"]`);
    if (tab !== '') await section.getByRole('button', { name: tab, exact: true }).click();
    await settled(page);
    await section.getByRole('button', { name: /^Show all/ }).click();
    const rows = page.locator('dialog tbody tr');
    await rows.first().waitFor();
    const asked = { Pages: { Top: 'event:page', Entry: 'visit:entry_page', Exit: 'visit:exit_page' }, Sources: { Referrers: 'visit:referrer', Sources: 'visit:source' }, Campaigns: { Campaign: 'visit:utm_campaign', Source: 'visit:utm_source' }, Goals: { '': 'event:goal' } } as Record<string, Record<string, string>>;
    const dimension = asked[panel]![tab]!;
    const answer = await dashboard.ask({ site_id: site, date_range: '7d', metrics: panel === 'Goals' ? ['visitors', 'events'] : ['visitors'], dimensions: [dimension as 'event:page'], filters: panel === 'Campaigns' ? [['is_not', dimension as 'event:page', ['(not set)']]] : [], pagination: { limit: 1000 } });
    const shown = new Set(await page.locator('dialog tbody .cell').evaluateAll((cells) => cells.map((cell) => cell.getAttribute('title'))));
    const unseen = answer.results.map(({ dimensions }) => `Filter by ${dimensions[0]}`).filter((title) => !shown.has(title));
    assert.deepEqual(unseen, [], `${panel} ${tab}`);
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
  }
  for (const view of [...views, 'view=behaviour&show=journey&of=all']) await visitor.open(`?site=${site}&range=7d&${view}`);
  // A filter puts the string into the address, the chip and every question.
  for (const text of ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "javascript:alert('x')"]) {
    await visitor.open(`?site=${site}&filter=${encodeURIComponent(JSON.stringify(['is', 'event:page', [`/${text}`]]))}&metric=${encodeURIComponent(text)}&page=${encodeURIComponent(text)}`);
    const steps = JSON.stringify([{ page: `/${text}` }, { event: text }]);
    for (const show of ['funnel', 'journey', 'heatmap', 'scroll', 'events']) {
      await visitor.open(`?site=${site}&view=behaviour&show=${show}&page=${encodeURIComponent(text)}&event=${encodeURIComponent(text)}&key=${encodeURIComponent(text)}&steps=${encodeURIComponent(steps)}&from=${encodeURIComponent(steps)}`);
    }
  }
  assert.deepEqual(await page.evaluate(() => [document.scripts.length, document.images.length, document.querySelectorAll('iframe, object, embed, base').length]), before);
  for (const page of visitor.context.pages()) assert.deepEqual(await page.evaluate(() => (window as any).refused), []);
  assert.deepEqual(visitor.offences, []);
});
