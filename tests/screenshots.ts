// Pictures of every view of the demo shop's last sixty days, light and dark, on a desktop and on a phone: dashboard/screenshots.
// Those named as arguments only, if there are any.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { importPast } from '../scripts/demo/past.ts';
import { launch } from './support/chromium.ts';
import { Collector, adminKey, root } from './support/collector.ts';
import { sections } from './support/views.ts';

const site = 'demo';
const folder = path.join(root, 'dashboard/screenshots');

const views: [name: string, query: string][] = [
  ['overview', ''],
  ['overview-filtered', `filter=${encodeURIComponent('["is","visit:country",["KR"]]')}&metric=total_revenue`],
  ['funnel', 'view=behaviour'],
  ['journey', 'view=behaviour&show=journey'],
  ['heatmap', 'view=behaviour&show=heatmap&page=%2Fdemo%2Flist'],
  ['heatmap-page', 'view=behaviour&show=heatmap&page=%2Fdemo%2F&under=page'],
  ['scroll', 'view=behaviour&show=scroll'],
  ['exits', 'view=behaviour&show=exits'],
  ['forms', 'view=behaviour&show=forms'],
  ['search', 'view=behaviour&show=search'],
  ['events', 'view=behaviour&show=events'],
  ['retention', 'view=behaviour&show=retention'],
  ['commerce', 'view=commerce'],
  ['live', 'view=live'],
  ...sections.map((show): [string, string] => [`settings-${show}`, `view=settings&show=${show}`]),
];
const wanted = process.argv.slice(2);

const daysAgo = (days: number) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Vienna' }).format(Date.now() - days * 86_400_000);
const saved = {
  goals: { 'Newsletter': { event: 'Newsletter signup' }, 'Looked at a product': { page: '/demo/product*' }, 'Bought something': { event: 'order' } },
  segments: { 'Germany on phones': [['is', 'visit:country', ['DE']], ['is', 'visit:device', ['Mobile']]], 'Buyers': [['has_done', ['is', 'event:name', ['order']]]] },
  funnels: { 'From looking to buying': { steps: [{ page: '/demo/product*' }, { event: 'cart_add' }, { event: 'order' }] } },
  annotations: { a: { at: daysAgo(19), text: 'November letter sent to 4,200 readers' }, b: { at: `${daysAgo(6)}T09:30`, text: 'The story about the night train is out' } },
};

const collector = await Collector.start({ files: true, sites: {} });
const change = async (route: string, body: object) => {
  const answer = await collector.request(route, { method: 'POST', headers: { authorization: `Bearer ${adminKey}` }, body: JSON.stringify(body) });
  if (answer.status !== 201) throw new Error(answer.text);
};
const browser = await launch();

async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('.skeleton, .stale, .sign-in') === null);
}

try {
  await change('/api/v1/sites', { site_id: site, count_bots: true, hosts: ['*'], time_zone: 'Europe/Vienna', retention_days: 730, ...saved });
  await change(`/api/v1/sites/${site}/keys`, { kind: 'share', name: 'Press team' });
  await change(`/api/v1/sites/${site}/keys`, { kind: 'read', name: 'Weekly report' });
  await change('/api/v1/keys', { name: 'Ada' });
  await importPast({ url: collector.url, key: adminKey, site }, 60, Date.now());
  // Some that is refused, for the settings to show.
  const odd = [{ custom: { name: '' } }, { after_ms: -400_000_000, custom: { name: 'Signup' } }, { pageview: { path: '/', title: 'x'.repeat(3000) } }];
  await collector.send({ site, events: odd });
  mkdirSync(folder, { recursive: true });
  for (const [device, viewport] of [['desktop', { width: 1280, height: 800 }], ['phone', { width: 390, height: 844 }]] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const locale = colorScheme === 'dark' && device === 'phone' ? 'ko-KR' : 'en-GB';
      const context = await browser.newContext({ viewport, colorScheme, deviceScaleFactor: 1.5, locale });
      await context.addInitScript((session) => sessionStorage.setItem('passerby.session', session), JSON.stringify({ key: adminKey, sites: [site] }));
      const page = await context.newPage();
      page.on('console', (message) => message.type() === 'error' && console.error(message.text()));
      page.on('pageerror', (error) => console.error(error.message));
      for (const [name, query] of views.filter(([name]) => wanted.length === 0 || wanted.includes(name))) {
        await page.goto(`${collector.url}/?site=${site}&${query}`);
        await settled(page);
        await page.screenshot({ path: path.join(folder, `${name}-${device}-${colorScheme}.png`), fullPage: true });
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await collector.stop();
}
