// What a page's policy and browser leave of the tracker, in Chromium: the core in WebAssembly, the core in JSON, or the
// loader alone. Page views, reading time and the site's own events are counted in each.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch } from '../support/chromium.ts';
import { Sink } from '../support/sink.ts';

let browser: Browser;
let sink: Sink;
before(async () => {
  [browser, sink] = await Promise.all([launch(), Sink.start()]);
});
after(async () => {
  await browser?.close();
  sink?.stop();
});

type Circumstance = { policy?: string; script?: string; missing?: string[]; file?: string; inJson: boolean; clicks: boolean };

const circumstances: Record<string, Circumstance> = {
  'a strict policy that allows WebAssembly': {
    policy: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
    inJson: false,
    clicks: true,
  },
  'a policy that forbids WebAssembly': { policy: "script-src 'self'; connect-src 'self'", inJson: true, clicks: true },
  'a browser without WebAssembly': { script: 'delete window.WebAssembly', inJson: true, clicks: true },
  'core.wasm is missing': { missing: ['core.wasm'], inJson: true, clicks: true },
  'core.js is missing': { missing: ['core.js'], inJson: true, clicks: false },
  'all in one file': { file: 'p.inline.js', policy: "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'", inJson: false, clicks: true },
};

async function open(site: string, { policy, script, missing = [], file = 'p.js' }: Circumstance): Promise<Page> {
  for (const name of missing) sink.missing.add(`/${site}/${name}`);
  const headers = policy ? { 'content-security-policy': policy } : {};
  const html = `<!doctype html><title>A</title><script defer src="/${site}/${file}" data-site="${site}" data-debug></script>
    <p id="text" height="4000">Hello</p>${'<br>'.repeat(300)}`;
  sink.html.set(`/${site}`, { html, headers });
  const page = await browser.newPage();
  await page.addInitScript(`${script ?? ''}; window.violations = []; addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective))`);
  await page.goto(`${sink.url}/${site}`);
  await sink.count(site, 1);
  return page;
}

describe('whatever a page allows, what happens on it is counted once', () => {
  for (const [when, circumstance] of Object.entries(circumstances)) {
    test(when, { timeout: 60_000 }, async () => {
      const site = when.replaceAll(/\W/g, '-');
      const page = await open(site, circumstance);
      const errors: Error[] = [];
      page.on('pageerror', (error) => errors.push(error));
      await page.click('#text');
      // Seen for a while: reading time is a difference of clocks.
      await page.waitForFunction((until) => performance.now() > until, (await page.evaluate('performance.now()') as number) + 100);
      await page.evaluate("passerby.track('half \\ud83d', { plan: 'pro' }); history.pushState(null, '', '/b'); passerby.flush()");
      await page.goto('about:blank');
      await sink.until(() => sink.arrived(site, ['engagement']).filter(([kind]) => kind === 'engagement').length >= 2);

      const arrived = sink.arrived(site, ['engagement']).filter(([kind]) => circumstance.clicks || kind !== 'click');
      const kinds = arrived.map(([kind]) => kind).filter((kind) => kind !== 'click');
      assert.deepEqual(kinds, ['pageview', 'custom', 'engagement', 'pageview', 'engagement']);
      assert.equal(arrived.some(([kind]) => kind === 'click'), circumstance.clicks);
      const { name, props } = arrived.find(([kind]) => kind === 'custom')![1];
      assert.deepEqual([name, props], ['half \ufffd', { plan: 'pro' }]);
      const [, told] = arrived.find(([kind]) => kind === 'engagement')!;
      assert.ok(told.visible_ms >= 50 && told.visible_ms < 20_000, JSON.stringify(told));
      assert.ok(told.scroll_percent > 0 && told.scroll_percent < 50, JSON.stringify(told));
      assert.equal(new Set(sink.batches.filter((batch) => batch.site === site).map(({ tab }) => tab)).size, 1);
      const forms = sink.batches.map((batch, i) => (batch.site === site ? sink.inJson[i] : undefined)).filter((form) => form !== undefined);
      assert.ok(forms.every((form) => form === circumstance.inJson), `${forms}`);
      assert.deepEqual(errors, []);
      await page.close();
    });
  }
});

test('a strict policy is not violated', { timeout: 60_000 }, async () => {
  const page = await open('strict', circumstances['a strict policy that allows WebAssembly']!);
  await page.evaluate("passerby.track('a'); passerby.flush()");
  await sink.count('strict', 2);
  assert.deepEqual(await page.evaluate('violations'), []);
  await page.close();
});

test('a core of another version, or one that was tampered with, is not run', { timeout: 60_000 }, async () => {
  for (const [site, file, change] of [
    ['other-version', 'core.js', (body: string) => body.replace(/as v[0-9a-f]{6}/, 'as v000000')],
    ['other-wasm', 'core.wasm', (body: string) => body],
  ] as const) {
    sink.html.set(`/${site}`, { html: `<!doctype html><script defer src="/p.js" data-site="${site}"></script>` });
    const page = await browser.newPage();
    await page.route(`**/${file}?*`, async (route) => {
      const response = await route.fetch();
      const body = file === 'core.js' ? Buffer.from(change(await response.text())) : Buffer.concat([await response.body(), Buffer.from([0, 1, 0])]);
      await route.fulfill({ response, body });
    });
    await page.goto(`${sink.url}/${site}`);
    await sink.count(site, 1);
    assert.equal(sink.inJson[sink.batches.findIndex((batch) => batch.site === site)], true, site);
    await page.close();
  }
});

test('what is forbidden is said once, at debug level', { timeout: 60_000 }, async () => {
  const said: string[] = [];
  const page = await browser.newPage();
  page.on('console', (message) => said.push(`${message.type()} ${message.text()}`));
  sink.missing.add('/said/core.js');
  sink.html.set('/said', { html: '<!doctype html><script defer src="/said/p.js" data-site="said" data-debug></script>' });
  const printed = page.waitForEvent('console', (message) => message.text().startsWith('passerby has no core'));
  await page.goto(`${sink.url}/said`);
  assert.equal((await printed).type(), 'debug');
  await sink.count('said', 1);
  await page.evaluate("passerby.track('a'), passerby.flush()");
  await sink.count('said', 2);
  assert.equal(said.filter((line) => line.includes('no core')).length, 1);
  await page.close();
});
