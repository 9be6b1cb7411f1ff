// Page views, as they reach the collector.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { ARGUMENTS, CHROMIUM } from '../support/chromium.ts';
import { suite, type Told } from '../support/visited.ts';

// Playwright turns the back/forward cache off.
const started = suite(['--disable-back-forward-cache']);

const views = (told: Told[]) => told.filter(({ kind }) => kind === 'pageview').map(({ path, trigger }) => `${trigger} ${path}`);

/** The steps of a visit that begins at /. Each waits until the browser has taken it. */
const STEPS: [name: string, step: string, byPath: string[], byAll: string[]][] = [
  ['load', '', ['load /'], ['load /']],
  ['push /a', `history.pushState(0, '', '/a')`, ['push /a'], ['push /a']],
  ['push /a again', `history.pushState(0, '', '/a')`, [], []],
  ['replace /a?x=1', `history.replaceState(0, '', '/a?x=1')`, [], ['replace /a']],
  ['replace #h1', `history.replaceState(0, '', '#h1')`, [], ['replace /a#h1']],
  ['hash=#h2', `moved(() => (location.hash = '#h2'))`, [], ['hash /a#h2']],
  ['back over the hash', `moved(() => history.back())`, [], ['hash /a#h1']],
  ['push /b + replace /b?y', `history.pushState(0, '', '/b'); history.replaceState(0, '', '/b?y')`, ['push /b'], ['push /b', 'replace /b']],
  ['replace /c', `history.replaceState(0, '', '/c')`, ['replace /c'], ['replace /c']],
];
const MOVED = `const moved = (move) => new Promise((resolve) => { addEventListener('popstate', () => setTimeout(resolve), { once: true }); move() });`;

for (const [title, attributes, column] of [
  ['another path is another page view, another query or fragment is not', '', 2],
  ['with the options, another query or fragment is another page view', 'data-query data-hash', 3],
] as const) {
  test(title, async () => {
    const visit = await started.pages.visit(started.browser, { attributes });
    for (const [, step] of STEPS) await visit.page.evaluate(`(async () => { ${MOVED} await (${step ? `async () => { await ${step.replace('; ', '; await ')} }` : '() => 0'})() })()`);
    assert.deepEqual(views(await visit.end()), STEPS.flatMap((step) => step[column]));
  });
}

test('a page that comes back from the back/forward cache is another page view', async () => {
  const visit = await started.pages.visit(started.browser, {}, '/kept');
  await visit.leave();
  await visit.page.goBack({ waitUntil: 'commit' });
  assert.deepEqual(views(await visit.flushed('pageview', 2)), ['load /kept', 'restore /kept']);
  assert.equal(new Set(visit.told().map(({ tab }) => tab)).size, 1, 'it is the same tab');
  await visit.page.close();
});

test('a page that is opened in the background is viewed when somebody looks at it, once', async () => {
  const { pages, browser } = started;
  const context = await browser.newContext();
  // Chromium without a screen always shows its pages, so this one says otherwise by itself.
  await context.addInitScript(() => Object.defineProperty(document, 'hidden', { configurable: true, value: true }));
  const site = 'behind.example';
  pages.told.set(site, []);
  pages.html.set('/behind', `<!doctype html><title>Behind</title><script defer src="/p.js" data-site="${site}" data-interval="100"></script>`);
  const page = await context.newPage();
  const loaded = page.waitForResponse('**/core.wasm*');
  await page.goto(`${pages.url}/behind`);
  await loaded;
  await page.evaluate(`history.pushState(0, '', '/elsewhere'); history.pushState(0, '', '/behind')`);
  const look = (hidden: boolean) => page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
    dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  // What was hidden already may be announced once more.
  await look(true);
  await page.evaluate(`passerby.track('unseen')`);
  await pages.until(site, () => pages.told.get(site)!.length > 0);
  assert.deepEqual(views(pages.told.get(site)!), []);
  for (const hidden of [false, true, false]) await look(hidden);
  await page.evaluate(`passerby.track('seen')`);
  await pages.until(site, () => pages.told.get(site)!.some(({ name }) => name === 'seen'));
  assert.deepEqual(views(pages.told.get(site)!), ['load /behind']);
  await context.close();
});

test('a prerendered page is viewed when it is shown, not before', async () => {
  const { pages } = started;
  const site = 'ahead.example';
  const tag = `<script defer src="/p.js" data-site="${site}"></script>`;
  const rules = `<script type="speculationrules">{ "prerender": [{ "urls": ["/ahead"], "eagerness": "immediate" }] }</script>`;
  pages.html.set('/from', `<!doctype html>${rules}<script>fetch('/go').then(() => (location.href = '/ahead'))</script>`);
  pages.html.set('/ahead', `<!doctype html><title>Ahead</title>${tag}<script>fetch('/running')</script>`);
  pages.told.set(site, []);
  pages.asked.length = 0;
  let go = () => {};
  pages.routes.set('/go', (response) => (go = () => response.end()));

  // A browser that nobody controls: one that is controlled stops what it prerenders.
  const folder = mkdtempSync(path.join(tmpdir(), 'passerby-browser-'));
  const chromium = spawn(CHROMIUM, [...ARGUMENTS, `--user-data-dir=${folder}`, `${pages.url}/from`], { stdio: ['ignore', 'pipe', 'ignore'] });
  chromium.stdout.resume();
  try {
    // By then its tracker has begun.
    await pages.until('asked', () => ['/core.wasm', '/go'].every((path) => pages.asked.includes(path)));
    assert.deepEqual(pages.told.get(site), []);
    go();
    await pages.until(site, () => pages.told.get(site)!.some(({ kind }) => kind === 'pageview'));
    assert.deepEqual(views(pages.told.get(site)!), ['load /ahead']);
    assert.equal(pages.asked.filter((asked) => asked === '/ahead').length, 1, 'it was prerendered');
  } finally {
    // When the last of its processes lets go of the pipe; until then they write into the folder.
    const ended = once(chromium, 'close');
    chromium.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
});
