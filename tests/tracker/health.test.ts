// Web vitals, script errors and the site's own search, as they reach the collector.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suite, type Told } from '../support/visited.ts';

const started = suite();
const vitals = (told: Told[]) => Object.fromEntries(told.filter(({ kind }) => kind === 'vital').map(({ name, value }) => [name, value]));
const later = (ms: number) => `await new Promise((resolve) => setTimeout(resolve, ${ms}))`;

test('a page load has each of its vitals once, as the browser measures them', async () => {
  const seen = await started.pages.visit(started.browser, {
    body: `<h1>Hello</h1><button onclick="for (const until = performance.now() + 120; performance.now() < until; );">Slow</button>
      <script>new PerformanceObserver((list) => (window.lcp = list.getEntries().at(-1).startTime)).observe({ type: 'largest-contentful-paint', buffered: true })</script>`,
  });
  await seen.page.click('button');
  await seen.page.evaluate(`(async () => { ${later(200)} })()`);
  const measured = (await seen.page.evaluate(`({
    fcp: performance.getEntriesByName('first-contentful-paint')[0].startTime,
    ttfb: performance.getEntriesByType('navigation')[0].responseStart,
    lcp,
  })`)) as Record<'fcp' | 'ttfb' | 'lcp', number>;
  const told = await seen.end();
  const { FCP, TTFB, LCP, INP, CLS } = vitals(told);
  assert.deepEqual([FCP, TTFB, LCP, CLS], [Math.round(measured.fcp), Math.round(measured.ttfb), Math.round(measured.lcp), 0]);
  assert.ok(INP >= 120 && INP < 2_000, `${INP}`);
  assert.equal(told.filter(({ kind }) => kind === 'vital').length, 5);
  assert.equal(told[0]!.kind, 'pageview', 'vitals are of the page');
});

test('of many interactions one in fifty may be slower than what counts', async () => {
  const body = `<button>Go</button><script>
    let count = 0;
    // The first two are the slowest by far.
    addEventListener('click', () => { for (const until = performance.now() + (count++ < 2 ? 300 : 60); performance.now() < until; ); });
    </script>`;
  for (const [clicks, slowest] of [[2, 300], [100, 60]] as const) {
    const seen = await started.pages.visit(started.browser, { body });
    for (let click = 0; click < clicks; click++) await seen.page.click('button');
    // All of them are drawn, so all were measured.
    await seen.page.evaluate(`(async () => { ${later(200)} })()`);
    assert.ok(((await seen.page.evaluate('performance.interactionCount')) as number) >= clicks);
    const { INP } = vitals(await seen.end());
    assert.ok(slowest === 300 ? INP >= 300 : INP >= 60 && INP < 300, `${INP} of ${clicks} clicks`);
  }
});

test('the largest paint is that before the first input', async () => {
  const seen = await started.pages.visit(started.browser, { body: '<p>Small</p><button>Go</button>' });
  await seen.page.click('button');
  const clicked = await seen.page.evaluate('performance.now()') as number;
  await seen.page.evaluate(`(async () => { document.body.insertAdjacentHTML('beforeend', '<h1 style="font-size:200px">Much larger</h1>'); ${later(200)} })()`);
  const { LCP } = vitals(await seen.end());
  assert.ok(LCP > 0 && LCP < clicked, `${LCP}, clicked at ${clicked}`);
});

test('layout shifts add up within a window of a second between them, and the worst window counts', async () => {
  const seen = await started.pages.visit(started.browser, {
    body: `<style>body { margin: 0 }</style><div id=top></div><p>Hello</p><div style="height:360px;width:100vw;background:red"></div>
      <script>window.shifts = []; new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ startTime, value }) => [startTime, value])))
        .observe({ type: 'layout-shift', buffered: true })</script>`,
  });
  const shift = (px: number, ms: number) => `top.style.height = (top.offsetHeight + ${px}) + 'px'; ${later(ms)};`;
  await seen.page.evaluate(`(async () => { const top = document.getElementById('top'); ${shift(20, 300)} ${shift(30, 300)} ${shift(10, 1300)} ${shift(40, 100)} })()`);
  const shifts = (await seen.page.evaluate('shifts')) as [number, number][];
  // By the definition, of what the browser says: sessions with gaps under a second, up to five seconds long.
  const sessions: { from: number; to: number; sum: number }[] = [];
  for (const [at, value] of shifts) {
    const open = sessions.at(-1);
    if (open && at - open.to < 1_000 && at - open.from < 5_000) Object.assign(open, { to: at, sum: open.sum + value });
    else sessions.push({ from: at, to: at, sum: value });
  }
  assert.ok(shifts.length >= 4 && sessions.length >= 2, JSON.stringify(shifts));
  const { CLS } = vitals(await seen.end());
  assert.equal(CLS, Math.round(Math.max(...sessions.map(({ sum }) => sum)) * 1e4));
});

test("errors of the site's own scripts are counted, each once, at most ten of a page", async () => {
  const seen = await started.pages.visit(started.browser, { body: '<p>Errors' });
  const { url } = started.pages;
  started.pages.routes.set('/bad.js', (response) => response.setHeader('content-type', 'text/javascript').end('\n  undefinedThing();'));
  await seen.page.route('https://cdn.example/**', (route) => route.fulfill({ contentType: 'text/javascript', body: 'otherThing()' }));
  await seen.page.evaluate(`(async () => {
    const load = (src) => new Promise((resolve) => { const script = document.createElement('script'); script.src = src; script.onload = script.onerror = resolve; document.head.append(script); });
    await load('/bad.js?v=1'); await load('/bad.js?v=2');
    await load('https://cdn.example/x.js');
    dispatchEvent(new ErrorEvent('error', { message: 'ResizeObserver loop completed with undelivered notifications.' }));
    const reject = (reason) => dispatchEvent(new PromiseRejectionEvent('unhandledrejection', { promise: Promise.resolve(), reason }));
    reject(Object.assign(new Error('mine'), { stack: 'Error: mine\\n    at f (${url}/app.js?x:7:3)' }));
    reject(Object.assign(new Error('theirs'), { stack: 'Error: theirs\\n    at https://cdn.example/lib.js:1:2' }));
    reject('no error'); reject(undefined); reject({ toString() { throw 1 } }); reject(Object.create(null));
  })()`);
  await seen.page.evaluate(`for (let i = 0; i < 20; i++) dispatchEvent(new ErrorEvent('error', { error: 1, message: 'flood ' + i, filename: location.href, lineno: i }))`);
  // They are what this is about.
  seen.errors.length = 0;
  const told = await seen.end();
  const errors = told.filter(({ kind }) => kind === 'script_error').map(({ message, source, line, column }) => [message, source, line, column]);
  assert.deepEqual(errors.slice(0, 4), [
    ['Uncaught ReferenceError: undefinedThing is not defined', `${url}/bad.js`, 2, 3],
    ['Error: mine', `${url}/app.js`, 7, 3],
    ['no error', '', 0, 0],
    ['undefined', '', 0, 0],
  ]);
  assert.equal(errors.length, 10);
});

test('what was looked for on the site is what its address says', async () => {
  for (const [at, attributes, terms] of [
    ['/find?q=winter%20boots+%C3%A9', '', ['winter boots é']],
    ['/find?page=2&keyword=%20hats%20', '', ['hats']],
    ['/find?q=', '', []],
    ['/find?find=socks', '', []],
    ['/find?find=socks&q=no', 'data-search="find"', ['socks']],
    ['/find?q=boots', 'data-search="false"', []],
    ['/find?q=%FF%00x', '', ['\ufffdx']],
  ] as const) {
    const seen = await started.pages.visit(started.browser, { attributes }, at);
    const told = await seen.end();
    assert.deepEqual(told.filter(({ kind }) => kind === 'search').map(({ terms }) => terms), terms, at);
    assert.deepEqual(told.filter(({ kind }) => kind === 'pageview').map(({ query }) => query), [''], 'and the query itself is not sent');
  }
});
