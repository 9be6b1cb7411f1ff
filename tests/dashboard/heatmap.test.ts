// The click map: over boxes of what was clicked, and over the page itself, which can do nothing there.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { adminKey } from '../support/collector.ts';
import { Dashboard, type Visitor, accessibilityProblems, overflow, settled } from '../support/dashboard.ts';

/** A site that the collector serves itself, and one elsewhere. */
const [own, elsewhere] = ['demo', 'shop.example'];
let dashboard: Dashboard;

type Said = { element: string; text?: string; x_myriad: number; y_myriad: number; flags?: number };

async function send(site: string, path: string, clicks: Said[], more: object = {}, agent: Record<string, string> = {}): Promise<void> {
  const tab = `${++tabs}`.padStart(16, '0');
  const batch = { site, tab, events: [{ pageview: { path, ...more } }, ...clicks.map((click) => ({ after_ms: 0, click }))] };
  const answer = await dashboard.collector.request('/e', { method: 'POST', body: JSON.stringify(batch), headers: { 'content-type': 'text/plain', ...agent } });
  assert.equal(answer.json.accepted, clicks.length + 1, answer.text);
}
let tabs = 0;

const phone = { 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1' };
/** Where two of the start page's buttons are, of the whole page, in a window as most have; and how tall it is. */
type Place = { x: number; y: number };
let [top, bottom]: [top: Place, bottom: Place] = [{ x: 0, y: 0 }, { x: 0, y: 0 }];
let pageHeight = 0;

before(async () => {
  dashboard = await Dashboard.start({ [own]: { count_bots: true, hosts: ['*'] }, [elsewhere]: { count_bots: true, hosts: ['*'] } });
  const unscripted = await dashboard.visitor({ viewport: { width: 1440, height: 900 }, javaScriptEnabled: false, key: undefined });
  const page = await unscripted.context.newPage();
  await page.goto(`${dashboard.url}/demo/`);
  [top, bottom, pageHeight] = await page.evaluate(() => {
    const { scrollWidth, scrollHeight } = document.documentElement;
    const middle = (id: string) => {
      const { x, y, width, height } = document.getElementById(id)!.getBoundingClientRect();
      return { x: (x + width / 2) / scrollWidth, y: (y + height / 2) / scrollHeight };
    };
    return [middle('hero-shop'), middle('newsletter-submit'), scrollHeight] as const;
  });
  await unscripted.context.close();
  const at = ({ x, y }: Place) => ({ x_myriad: Math.round(x * 10_000), y_myriad: Math.round(y * 10_000) });
  const onButton = { element: '#hero-shop', text: 'See all gear', ...at(top) };
  await send(own, '/demo/', [onButton, onButton, { ...onButton, flags: 2 }, { element: '#newsletter-submit', text: 'Sign up', ...at(bottom) }, { element: '#nav', x_myriad: 500, y_myriad: 100, flags: 1 }]);
  await send(own, '/demo/', [{ element: '#hero-title', text: 'Somewhere', x_myriad: 3000, y_myriad: 800, flags: 4 }]);
  await send(own, '/demo/', [{ element: '#phone', x_myriad: 100, y_myriad: 200 }], {}, phone);
  await send(own, '/', [{ element: '#a', x_myriad: 1, y_myriad: 1 }]);
  await send(own, '//evil.example/x', [{ element: '#a', x_myriad: 1, y_myriad: 1 }]);
  await send(elsewhere, '/', [{ element: '#buy', text: 'Buy', x_myriad: 5000, y_myriad: 5000 }]);
});
after(() => dashboard?.stop());

const asking = (site: string, path: string, more = ''): string => `?site=${site}&range=7d&view=behaviour&show=heatmap&page=${encodeURIComponent(path)}${more}`;
const spots = (page: Page) => page.locator('.heat .spot');
const frame = (page: Page) => page.locator('.framed iframe');

async function choose(page: Page, tab: string): Promise<void> {
  await page.locator('section[aria-label="Click map"]').getByRole('button', { name: tab }).click();
  await settled(page);
}

test('clicks, rage and dead clicks are layers, each as the API has it, by device', async () => {
  const page = await (await dashboard.visitor()).open(asking(own, '/demo/'));
  const { devices } = await dashboard.report('heatmap', { site_id: own, date_range: '7d', page: '/demo/', columns: 40, rows: 80 });
  const grid = (name: string) => devices.find(({ device }: any) => device === name);
  const warm = (kind: string, name = 'Desktop') => grid(name).cells.filter((cell: any) => cell[kind] > 0).length;
  assert.equal(await spots(page).count(), warm('clicks'));
  assert.equal(warm('clicks'), 4);
  for (const [tab, kind] of [['Rage', 'rage'], ['Dead', 'dead']] as const) {
    await choose(page, `${tab} 1`);
    assert.equal(await spots(page).count(), warm(kind));
  }
  await choose(page, 'Clicks 6');
  assert.deepEqual(await page.locator('.heat .box-name title').allTextContents(), grid('Desktop').elements.map(({ element }: any) => ({ '#hero-shop': 'See all gear', '#hero-title': 'Somewhere', '#newsletter-submit': 'Sign up' })[element as string]));
  await choose(page, 'Mobile');
  assert.equal(await spots(page).count(), warm('clicks', 'Mobile'));
});

test('over the page itself clicks lie on what was clicked', async () => {
  const visitor = await dashboard.visitor();
  const page = await visitor.open(asking(own, '/demo/'));
  assert.equal(await frame(page).count(), 0, 'nothing is framed until it is asked for');
  await choose(page, 'Page');
  const map = page.locator('.click-map');
  // As tall as the page is, once that was seen.
  await page.waitForFunction((height) => {
    const page = document.querySelector<HTMLElement>('.click-map-page')!;
    return Math.abs(page.offsetHeight / page.offsetWidth - height / 1440) < 0.002;
  }, pageHeight);
  const assertLiesOn = async (place: number, id: string) => {
    const [spot, link] = [await spots(page).nth(place).boundingBox(), await page.frameLocator('.framed iframe').locator(id).boundingBox()];
    assert.ok(spot && link && spot.x < link.x + link.width && link.x < spot.x + spot.width && spot.y < link.y + link.height && link.y < spot.y + spot.height, JSON.stringify({ id, spot, link }));
  };
  await assertLiesOn(1, '#hero-shop');
  await map.evaluate((map) => map.scrollTo(0, map.scrollHeight));
  await page.waitForFunction(() => (document.querySelector<HTMLIFrameElement>('.framed iframe')?.contentWindow?.scrollY ?? 0) > 0);
  await assertLiesOn(2, '#newsletter-submit');
  assert.equal(await page.locator('.heat .box').count(), 0);
  assert.deepEqual(await accessibilityProblems(page), []);
  const isBlocked = (offence: string) => offence.includes('Blocked script execution');
  assert.ok(visitor.offences.some(isBlocked) && visitor.offences.every(isBlocked), visitor.offences.join('\n'));
});

test('a page that refuses to be framed is told so, and drawn in outline', async () => {
  const page = await (await dashboard.visitor()).open(asking(own, '/', '&under=page'));
  await page.getByText('This page refuses to be shown in a frame.').waitFor();
  assert.equal(await frame(page).count(), 0);
  assert.equal(await page.locator('.heat .box').count(), 1);
});

/** Has a browser find the other site, and notes what is asked of it. */
async function elsewhereServes(visitor: Visitor, headers: Record<string, string> = {}): Promise<string[]> {
  const asked: string[] = [];
  const body = '<!doctype html><link rel="stylesheet" href="/style.css"><h1>Shop</h1><script src="/p.js"></script><script>fetch("/e", { method: "POST" }); top.location = "https://evil.example/"</script><img src="/x.png" onerror="fetch(\'/e\')">';
  await visitor.context.route('https://shop.example/**', async (route) => {
    asked.push(new URL(route.request().url()).pathname);
    const isPage = asked.at(-1) === '/';
    await route.fulfill({ status: 200, contentType: isPage ? 'text/html' : 'text/javascript', headers, body: isPage ? body : 'fetch("/e", { method: "POST" })' });
  });
  return asked;
}

test('in the frame nothing runs: no tracker counts, and the dashboard stays where it is', async () => {
  const visitor = await dashboard.visitor();
  const asked = await elsewhereServes(visitor);
  const outcomes = await dashboard.collector.outcomes(elsewhere);
  const page = await visitor.open(asking(elsewhere, '/', '&under=page'));
  assert.equal(await page.frameLocator('.framed iframe').locator('h1').textContent(), 'Shop');
  const shown = page.frames().find((frame) => frame.url() === 'https://shop.example/');
  await shown?.waitForLoadState('load');
  assert.ok(asked.includes('/style.css') && !asked.includes('/e'), asked.join());
  assert.equal(new URL(page.url()).origin, dashboard.url);
  assert.equal(await frame(page).getAttribute('sandbox'), '');
  assert.equal(await frame(page).getAttribute('referrerpolicy'), 'no-referrer');
  assert.deepEqual(await dashboard.collector.outcomes(elsewhere), outcomes);
});

test('how tall a page elsewhere is can be said, and stands in the address', async () => {
  const visitor = await dashboard.visitor();
  await elsewhereServes(visitor, { 'x-frame-options': 'DENY' });
  const page = await visitor.open(asking(elsewhere, '/'));
  assert.equal(await page.locator('.heat .box-name title').textContent(), 'Buy');
  await choose(page, 'Page');
  await page.getByText('If shop.example refuses to be shown in a frame, it stays empty.').waitFor();
  await page.getByLabel('Height in pixels').fill('4000');
  await page.getByLabel('Height in pixels').press('Enter');
  await page.waitForFunction(() => document.querySelector<HTMLElement>('.framed iframe')?.style.height === '4000px');
  assert.equal(new URL(page.url()).searchParams.get('height'), '4000');
  const { width, height } = (await page.locator('.heat').boundingBox())!;
  assert.equal(Math.round((height / width) * 100), Math.round((4000 / 1440) * 100));
});

test('a path that a visitor sent leads to no other host', async () => {
  const visitor = await dashboard.visitor();
  const framed = visitor.context.waitForEvent('request', (request) => request.url().endsWith('//evil.example/x'));
  await visitor.open(asking(own, '//evil.example/x', '&under=page'));
  assert.equal(new URL((await framed).url()).origin, dashboard.url);
  assert.deepEqual(visitor.offences.filter((offence) => offence.startsWith('request')), []);
});

test('on a phone, in Korean: accessible, and no wider than its window', async () => {
  const page = await (await dashboard.visitor({ viewport: { width: 360, height: 740 }, locale: 'ko-KR', colorScheme: 'dark' })).open(asking(own, '/demo/', '&under=page'));
  await frame(page).waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  assert.equal(await overflow(page), 0);
});
