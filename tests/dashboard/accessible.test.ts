// Every view, and signing in, for whoever sees badly, has no mouse or a small window: axe finds nothing serious, light and dark, and
// nothing is wider than a phone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { custom, pageview } from '../support/collector.ts';
import { Dashboard, accessibilityProblems, overflow } from '../support/dashboard.ts';
import { views } from '../support/views.ts';
import { visits } from '../support/visits.ts';

const site = 'shop.example';
let dashboard: Dashboard;

before(async () => {
  dashboard = await Dashboard.start({});
  await dashboard.change('POST', '/api/v1/sites', { site_id: site, count_bots: true, hosts: ['*'], time_zone: 'America/New_York', public: true, filters: [['is_not', 'event:page', ['/internal']]] });
  for (const kind of ['read', 'ingest', 'share']) await dashboard.change('POST', `/api/v1/sites/${site}/keys`, { kind, name: `a key for ${kind}` });
  await dashboard.change('POST', '/api/v1/keys', { name: 'Ada' });
  for (const { batch, headers, cf } of visits(site, 120, 60, 23, Date.now())) {
    const answer = await dashboard.collector.request('/e', { method: 'POST', body: JSON.stringify(batch), headers: { 'content-type': 'text/plain', ...headers }, cf });
    assert.equal(answer.status, 200, answer.text);
  }
  await dashboard.collector.send({ site, events: [pageview('/'), custom(''), custom('x'.repeat(300))] });
});
after(() => dashboard?.stop());

const filter = encodeURIComponent(JSON.stringify(['is', 'visit:country', ['KR']]));

test('whatever can be pressed is reached by the keyboard, and seen to be', { timeout: 180_000 }, async () => {
  const visitor = await dashboard.visitor();
  for (const view of views) {
    const page = await visitor.open(`?site=${site}&range=7d&${view}`);
    const count = await page.evaluate(() => {
      const all = [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, [role=button], [tabindex="0"]')];
      return ((window as any).pressed = all.filter((element) => element.checkVisibility() && !element.matches(':disabled'))).length;
    });
    const missed = new Set(Array.from({ length: count }, (_, place) => place));
    // Some more than there are: dates are made of several parts.
    for (let presses = 0; presses < count + 10 && missed.size > 0; presses++) {
      await page.keyboard.press('Tab');
      const [place, outline] = await page.evaluate(() => [(window as any).pressed.indexOf(document.activeElement), getComputedStyle(document.activeElement!).outlineStyle] as const);
      if (place >= 0) assert.notEqual(outline, 'none', `${view}: ${place}`);
      missed.delete(place);
    }
    const names = await page.evaluate((places) => places.map((place) => (window as any).pressed[place].outerHTML.slice(0, 120)), [...missed]);
    assert.deepEqual(names, [], view);
    await page.close();
  }
});

for (const [device, viewport, locale] of [['a desktop', { width: 1280, height: 900 }, 'en-GB'], ['a phone, in Korean', { width: 360, height: 740 }, 'ko-KR']] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${device}, ${colorScheme}: every view is accessible and no wider than its window`, { timeout: 180_000 }, async () => {
      const visitor = await dashboard.visitor({ viewport, locale, colorScheme });
      for (const view of [...views, `filter=${filter}`]) {
        const page = await visitor.open(`?site=${site}&range=7d&${view}`);
        assert.deepEqual(await accessibilityProblems(page), [], view);
        assert.equal(await overflow(page), 0, view);
        await page.close();
      }
      const nobody = await dashboard.visitor({ viewport, locale, colorScheme, key: undefined });
      const page = await nobody.open('');
      assert.deepEqual(await accessibilityProblems(page), [], 'signing in');
      assert.equal(await overflow(page), 0, 'signing in');
      assert.deepEqual([...visitor.offences, ...nobody.offences], []);
    });
  }
}
