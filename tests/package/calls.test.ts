// What a site says by the tracker's functions, in Chromium, and what of it reaches the collector: the same with
// WebAssembly and without it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch } from '../support/chromium.ts';
import { type Arrived, Sink } from '../support/sink.ts';

let browser: Browser;
let sink: Sink;
before(async () => {
  [browser, sink] = await Promise.all([launch(), Sink.start()]);
});
after(async () => {
  await browser?.close();
  sink?.stop();
});

const forms = {
  'with WebAssembly': {},
  'without WebAssembly': { 'content-security-policy': "script-src 'self' 'unsafe-inline'" },
} as Record<string, Record<string, string>>;

const price = { amount_minor: 12900, currency: 'EUR' };
const bag = { id: 'sku-1', name: 'Weekend bag', brand: 'Fernweh', category: 'Bags/Travel', variant: 'blue', price };

/** Opens a page with the tracker, and waits until it was heard of. */
async function visit(site: string, headers: Record<string, string>, attributes = '', head = ''): Promise<Page> {
  const html = `<!doctype html><title>Shop</title>${head}<script defer src="/p.js" data-site="${site}" ${attributes}></script>`;
  sink.html.set(`/${encodeURIComponent(site)}`, { html, headers });
  const page = await browser.newPage();
  await page.goto(`${sink.url}/${encodeURIComponent(site)}`);
  await sink.count(site, 1);
  return page;
}

/** Without what is empty, which the two forms say differently. */
const plain = (value: any): any => {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).map(([name, of]) => [name, plain(of)] as const);
  return Object.fromEntries(kept.filter(([, of]) => of !== null && of !== '' && of !== 0 && `${JSON.stringify(of)}` !== '{}' && `${JSON.stringify(of)}` !== '[]'));
};

async function expectSaid(site: string, script: string, expected: Arrived[]): Promise<void> {
  for (const [form, headers] of Object.entries(forms)) {
    const name = `${site}, ${form}`;
    const page = await visit(name, headers);
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await page.evaluate(`${script}; passerby.flush()`);
    const arrived = await sink.count(name, 1 + expected.length);
    assert.deepEqual(arrived.slice(1).map(([kind, fields]) => [kind, plain(fields)]), expected, form);
    assert.deepEqual(errors, []);
    const own = sink.batches.map((batch, i) => (batch.site === name ? sink.inJson[i] : undefined)).filter((is) => is !== undefined);
    assert.ok(own.every((is) => is === (form === 'without WebAssembly')), form);
    await page.close();
  }
}

test('every call is an event of the contract', { timeout: 60_000 }, () =>
  expectSaid(
    'calls',
    `const bag = ${JSON.stringify(bag)};
     passerby.track('Signup', { plan: 'pro', seats: 3, rate: 1.5, trial: true, off: false, price: bag.price, debt: -7, zero: 0 });
     passerby('identify', 'u1', { plan: 'pro' });
     passerby.reset();
     passerby.viewProduct(bag);
     passerby.addToCart(bag, 2);
     passerby.removeFromCart(bag);
     passerby.checkout({ step: 2, name: 'shipping', value: bag.price });
     passerby.order({ id: 'A-1', total: { amount_minor: 13390, currency: 'EUR' }, tax_minor: 2138, shipping_minor: 490, discount_minor: -5,
       coupon: 'SPRING', items: [{ product: bag, quantity: 1 }, { product: { id: 'sku-2' }, quantity: 3 }] });
     passerby.refund({ order: 'A-1', amount: bag.price, items: [{ product: { id: 'sku-2' }, quantity: 1 }] });`,
    [
      ['custom', { name: 'Signup', props: { plan: 'pro', seats: 3, rate: 1.5, trial: true, off: false, price, debt: -7 } }],
      ['identify', { user: 'u1', traits: { plan: 'pro' } }],
      ['identify', {}],
      ['product_view', bag],
      ['cart_add', { product: bag, quantity: 2 }],
      ['cart_remove', { product: bag, quantity: 1 }],
      ['checkout', { step: 2, name: 'shipping', value: price }],
      [
        'order',
        {
          id: 'A-1', total: { amount_minor: 13390, currency: 'EUR' }, tax_minor: 2138, shipping_minor: 490, discount_minor: -5, coupon: 'SPRING',
          items: [{ product: bag, quantity: 1 }, { product: { id: 'sku-2' }, quantity: 3 }],
        },
      ],
      ['refund', { order: 'A-1', amount: price, items: [{ product: { id: 'sku-2' }, quantity: 1 }] }],
    ],
  ),
);

test('what is wrong in an event is left out, and costs neither the event nor its batch', { timeout: 60_000 }, () =>
  expectSaid(
    'wrong',
    `passerby.track('props', { plan: 'pro', nested: { a: 1 }, list: [1], nothing: null, missing: undefined, nan: NaN, big: 1e300,
       wrong: { amount_minor: 1, currency: 'euro' }, half: { amount_minor: 0.5, currency: 'EUR' }, more: { amount_minor: 1, currency: 'EUR', x: 1 }, '': 1 });
     passerby.track('many', Object.fromEntries(Array.from({ length: 40 }, (_, i) => ['p' + i, i + 1])));
     passerby.track('long ' + 'é'.repeat(300), { text: 'x'.repeat(2_000), ['n'.repeat(300)]: 1 });
     passerby.track('half \\ud83d, whole \\u{1f600}, plain \\\\ud83d, nul \\0');
     passerby.track(5); passerby.track({}); passerby.track();
     passerby.viewProduct({ id: 12, name: 'Numbered', price: 129, url: '/x' });
     passerby.addToCart({ id: 's' }, -3); passerby.addToCart(); passerby.checkout({ step: 900 });
     passerby.order({ id: 7, total: 'ten', items: [{ product: { id: 's' } }, { quantity: 1 }, null, 5], tax_minor: 'x' });
     passerby.refund('A-1'); passerby.refund({ order: 'A-1', items: 'all' });
     passerby.track('last');`,
    [
      ['custom', { name: 'props', props: { plan: 'pro', big: 1e300, more: { amount_minor: 1, currency: 'EUR' } } }],
      ['custom', { name: 'many', props: Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`p${i}`, i + 1])) }],
      ['custom', { name: 'long ' + 'é'.repeat(97), props: { text: 'x'.repeat(512) } }],
      ['custom', { name: 'half \ufffd, whole \u{1f600}, plain \\ud83d, nul ' }],
      ['custom', { name: '5' }],
      ['custom', {}],
      ['custom', {}],
      ['product_view', { id: '12', name: 'Numbered' }],
      ['cart_add', { product: { id: 's' }, quantity: 1 }],
      ['cart_add', { quantity: 1 }],
      ['checkout', { step: 127 }],
      ['order', { id: '7', total: { currency: 'XXX' }, items: [{ product: { id: 's' }, quantity: 1 }] }],
      ['refund', {}],
      ['refund', { order: 'A-1' }],
      ['custom', { name: 'last' }],
    ],
  ),
);

test('a hook sees every event and changes or drops any, of every kind', { timeout: 60_000 }, async () => {
  const every: Arrived[] = [
    ['pageview', { path: '/x', host: 'h', query: 'a=1', title: 't', referrer: 'https://r/', trigger: 'hash', props: { a: 1 } }],
    ['engagement', { visible_ms: 5, scroll_percent: 60 }],
    ['click', { element: '#a', text: 'b', x_myriad: 10, y_myriad: 10_000, flags: 3 }],
    ['outbound', { url: 'https://x/', text: 'x' }],
    ['download', { url: '/f.pdf' }],
    ['form_start', { form: 'f', field: 'a' }],
    ['form_submit', { form: 'f' }],
    ['form_abandon', { form: 'f', field: 'a' }],
    ['search', { terms: 'bags', results: 7 }],
    ['passive_custom', { name: 'seen', props: { a: 'b' } }],
    ['vital', { name: 'CLS', value: 1200 }],
    ['script_error', { message: 'm', source: '/s.js', line: 3, column: 4 }],
    ['resize', [300, 400]],
  ];
  for (const [form, headers] of Object.entries(forms)) {
    const site = `hook, ${form}`;
    const head = `<script>
      const seen = [], answers = ${JSON.stringify(every.map(([kind, fields]) => ({ [kind]: fields })))};
      function hook(event, path) {
        seen.push([Object.keys(event)[0], path]);
        if (event.custom?.name === 'drop') return null;
        if (event.custom?.name === 'throw') throw new Error('no');
        if (event.custom?.name === 'next') return answers.shift();
        if (event.custom) event.custom.props = { masked: true, nested: {} };
        return event;
      }</script>`;
    const page = await visit(site, headers, 'data-before="hook" data-vitals="false"', head);
    const printed = page.waitForEvent('console', (message) => message.text().startsWith('passerby: not counted'));
    await page.evaluate((count) => {
      const { passerby } = window as any;
      for (const name of ['drop', 'throw', ...Array(count).fill('next'), 'keep']) passerby.track(name, { secret: 1 });
      passerby.flush();
    }, every.length);
    const all = every.map(([kind]) => kind);
    const arrived = await sink.count(site, 2 + every.length, all);
    const expected = [...every, ['custom', { name: 'keep', props: { masked: true } }] as Arrived];
    assert.deepEqual(arrived.slice(-expected.length).map(([kind, fields]) => [kind, plain(fields)]), expected, form);
    assert.equal((await printed).type(), 'error');
    assert.deepEqual(await page.evaluate('seen[0]'), ['pageview', `/${encodeURIComponent(site)}`]);
    await page.close();
  }
});


describe('where the tracker comes from', () => {
  test('options come in the query where a tag manager drops attributes', { timeout: 60_000 }, async () => {
    sink.html.set('/query', { html: '<!doctype html><script defer src="/p.js?site=by-query&params=ref2&debug"></script>' });
    const page = await browser.newPage();
    const printed = ['passerby queued', 'passerby sent batch'].map((start) =>
      page.waitForEvent('console', (message) => message.type() === 'debug' && message.text().startsWith(start)),
    );
    await page.goto(`${sink.url}/query?ref2=x&token=secret`);
    const [[, view]] = (await sink.count('by-query', 1)) as [Arrived];
    assert.equal(view.query, 'ref2=x');
    await Promise.all(printed);
    await page.close();
  });

  test('two tags make one tracker, and calls before it wait', { timeout: 60_000 }, async () => {
    const stub = '<script>window.passerby=window.passerby||function(){(passerby.q=passerby.q||[]).push(arguments)};passerby("track","early",{a:1})</script>';
    const tag = '<script defer src="/p.js" data-site="twice"></script>';
    sink.html.set('/twice', { html: `<!doctype html>${stub}${tag}${tag}` });
    const page = await browser.newPage();
    await page.goto(`${sink.url}/twice`);
    await sink.count('twice', 2);
    await page.evaluate('passerby("track", "late"), passerby("nonsense"), passerby.flush()');
    const arrived = await sink.count('twice', 3);
    assert.deepEqual(arrived.map(([kind, fields]) => [kind, fields.name]), [['pageview', undefined], ['custom', 'early'], ['custom', 'late']]);
    await page.close();
  });

  test('another prefix than the root serves the tracker and takes its batches', { timeout: 60_000 }, async () => {
    sink.html.set('/prefix', { html: '<!doctype html><script defer src="/x/y/p.js" data-site="prefix"></script>' });
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${sink.url}/prefix`);
    await sink.count('prefix', 1);
    assert.deepEqual(asked.slice(1), ['/x/y/p.js', '/x/y/core.js', '/x/y/core.wasm', '/x/y/e']);
    await page.close();
  });

  test('the module keeps a tracker for each site, and shares the tag\'s', { timeout: 60_000 }, async () => {
    const html = `<!doctype html><title>M</title><script defer src="/p.js" data-site="of-tag"></script>
      <script type="module">
        import { init, track } from '/index.mjs';
        track('early');
        const [a, b] = [init({ site: 'of-module', endpoint: '/e' }), init({ site: 'of-tag', endpoint: '/e' })];
        window.done = [a === init({ site: 'of-module' }), b === passerby];
        track('first'); b.track('second');
        window.flushAll = () => { a.flush(); b.flush(); };
      </script>`;
    sink.html.set('/module', { html });
    const page = await browser.newPage();
    await page.goto(`${sink.url}/module`);
    assert.deepEqual(await page.evaluate('done'), [true, true]);
    await Promise.all([sink.count('of-module', 1), sink.count('of-tag', 1)]);
    await page.evaluate('flushAll()');
    const names = async (site: string, count: number) => (await sink.count(site, count)).map(([kind, { name }]) => name ?? kind);
    assert.deepEqual(await names('of-module', 3), ['pageview', 'early', 'first']);
    assert.deepEqual(await names('of-tag', 2), ['pageview', 'second']);
    await page.close();
  });
});
