// The npm package, packed and installed as a user would.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

const root = path.resolve(import.meta.dirname, '../..');
const source = path.join(root, 'npm-package');
const bin = (name: string) => path.join(root, 'node_modules', '.bin', name);

let folder: string;
let tarball: string;
let packed: string[];

const run = (program: string, args: string[], cwd = folder) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'passerby-'));
  const [report] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], source));
  tarball = path.join(folder, report.filename);
  packed = report.files.map((file: { path: string }) => file.path).sort();
  const installed = path.join(folder, 'node_modules', 'passerby');
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
});

after(() => rmSync(folder, { recursive: true, force: true }));

test('the package holds what users need and nothing else', () => {
  assert.deepEqual(packed, [
    'README.md',
    'dist/core.js',
    'dist/core.wasm',
    'dist/index.cjs',
    'dist/index.d.cts',
    'dist/index.d.ts',
    'dist/index.mjs',
    'dist/p.inline.js',
    'dist/p.js',
    'dist/unsent.js',
    'package.json',
  ]);
});

const CALLS = `
  const names = ['track', 'identify', 'reset', 'viewProduct', 'addToCart', 'removeFromCart', 'checkout', 'order', 'refund', 'page',
    'consent', 'optOut', 'optIn', 'flush'];
  const own = p.init({ site: 'example.com' });
  for (const name of names) {
    p[name]('a', {});
    own[name]('a', {});
  }
  if (typeof window !== 'undefined') throw new Error('window');
  console.log('ok');
`;

test('it imports in bare Node as a module, where its functions do nothing', () => {
  writeFileSync(path.join(folder, 'esm.mjs'), `import * as p from 'passerby';${CALLS}`);
  assert.equal(run(process.execPath, ['esm.mjs']).trim(), 'ok');
});

test('it imports in bare Node as CommonJS, where its functions do nothing', () => {
  writeFileSync(path.join(folder, 'cjs.cjs'), `const p = require('passerby');${CALLS}`);
  assert.equal(run(process.execPath, ['cjs.cjs']).trim(), 'ok');
});

test('publint finds nothing', () => {
  run(bin('publint'), ['--strict', path.join(folder, 'node_modules', 'passerby')]);
});

test('are the types wrong? finds nothing', () => {
  run(bin('attw'), [tarball, '--format', 'ascii', '--no-emoji']);
});

test('the types say what the functions take', () => {
  writeFileSync(
    path.join(folder, 'types.mts'),
    `import { addToCart, consent, flush, identify, init, order, page, refund, track, type Tracker } from 'passerby';
     const own: Tracker = init({
       site: 'example.com', endpoint: 'https://stats.example.com/e', interval: 5_000, core: '/assets/', debug: true, params: ['tab'], dnt: 'ignore',
       before: (event, path) => (path === '/' ? event : null),
     });
     own.track('a');
     addToCart({ id: 'sku-1' });
     order({ id: 'A-1', total: { amount_minor: 1, currency: 'EUR' }, items: [{ product: { id: 'sku-1' }, quantity: 1 }] });
     refund({ order: 'A-1' });
     consent('granted');
     // @ts-expect-error: an answer is one of two
     consent('maybe');
     // @ts-expect-error: an order has a total
     order({ id: 'A-1' });
     track('Order', { total: { amount_minor: 1999, currency: 'EUR' }, items: 3, first: true, coupon: 'SPRING' });
     page(); identify('u1', { plan: 'pro' }); flush();
     // @ts-expect-error: the site is required
     init({});
     // @ts-expect-error: no nested objects
     track('a', { b: { c: 1 } });
    `,
  );
  run(bin('tsc'), ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom', '--types', '', 'types.mts']);
});

test('the README lists every option of init and every call, with types and defaults', () => {
  const types = readFileSync(path.join(source, 'index.d.ts'), 'utf8');
  const readme = readFileSync(path.join(source, 'README.md'), 'utf8');
  const [, body = ''] = /interface InitOptions \{(.*?)\n\}/s.exec(types) ?? [];
  const options = [...`${body}\n`.matchAll(/\/\*\*((?:(?!\*\/).)*)\*\/\n {2}(\w+)(\??): ([^\n]*);\n/gs)];
  assert.ok(options.length >= 10);
  const rows = new Map([...readme.matchAll(/^\| `(\w+)` \| `data-\1` \| (.*?) \| (.*?) \|/gm)].map(([, name, type, standard]) => [name, { type, standard }]));
  assert.deepEqual([...rows.keys()].sort(), options.map(([, , name]) => name).sort());
  for (const [, said = '', name = '', optional, type = ''] of options) {
    const row = rows.get(name)!;
    assert.equal(row.type!.replaceAll('`', '').replace(' or ', ' | '), type.startsWith('(') ? 'function' : type, name);
    const [, standard] = /Default: ([\w`/]+)/.exec(said.replaceAll(/\s+\*?\s*/g, ' ')) ?? [];
    if (!optional) assert.match(row.standard!, /^required/, name);
    else assert.ok(standard, `${name}: index.d.ts says no default`);
    if (/^`?(true|false|\/e)/.test(standard ?? '')) assert.ok(row.standard!.includes(standard!.replaceAll('`', '')), name);
  }
  const [, calls = ''] = /interface Tracker \{(.*?)\n\}/s.exec(types) ?? [];
  for (const [, call] of calls.matchAll(/^ {2}(\w+)\(/gm)) assert.match(readme, new RegExp(`\\b${call}\\(`), call);
});

test('what a page loads stays within its budget', () => {
  run(process.execPath, [path.join(source, 'size.mjs')]);
});
