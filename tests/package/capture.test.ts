// What is read of a real page, by the TypeScript of sdk-wasm/src/capture/, in Chromium.

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { launch } from '../support/chromium.ts';

const root = path.resolve(import.meta.dirname, '../..');

let browser: Browser;
let page: Page;

before(async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        export { labelOf, pathOf } from './sdk-wasm/src/capture/element.ts';
        export { teller } from './sdk-wasm/src/tell.ts';`,
      resolveDir: root,
    },
    bundle: true,
    format: 'iife',
    globalName: 'capture',
    write: false,
  });
  browser = await launch();
  page = await browser.newPage();
  await page.addInitScript(outputFiles[0]!.text + ';window.capture = capture;');
  await page.goto('about:blank');
});
after(() => browser?.close());

/** Runs an expression in a page whose body is `html`; `it` is its element with the attribute `data-it`. */
const read = (html: string, expression: string): Promise<unknown> =>
  page.evaluate(`document.body.innerHTML = ${JSON.stringify(html)}; { const it = document.querySelector('[data-it]'); ${expression} }`);

test("an element's path begins at the nearest lasting id", async () => {
  for (const [html, expected] of [
    ['<ul id=cart><li></li><li></li><li><button data-it></button></li></ul>', '#cart>li:3>button'],
    ['<button id=buy data-it></button>', '#buy'],
    ['<i id=step-12><b data-it></b></i>', '#step-12>b'],
    ['<div id=ember412><a data-it></a></div>', 'div>a'],
    ['<div id=":r1:" data-it></div>', 'div'],
    ['<a></a><b></b><a data-it></a>', 'a:2'],
    ['<svg><g data-it></g></svg>', 'svg>g'],
    ['<form id=f><input name=id><input name=parentElement><input name=localName><u data-it></u></form>', '#f>u'],
  ] as const) {
    assert.equal(await read(html, 'capture.pathOf(it)'), expected, html);
  }
});

test('a path that would be too long keeps its lower end', async () => {
  const found = (await read('<article>'.repeat(100) + '<i data-it></i>', 'capture.pathOf(it)')) as string;
  assert.ok(found.length <= 200 && found.endsWith('article>i'), found);
  const wide = (await read(`<b id="${'é'.repeat(99)}"><i><u data-it></u></i></b>`, 'capture.pathOf(it)')) as string;
  assert.equal(wide, 'i>u', 'limits are of bytes');
});

test('a label is on one line, and what a visitor wrote or chose never', async () => {
  for (const [html, label] of [
    ['<button data-it>Buy <b>\n now</b></button>', 'Buy now'],
    ['<textarea data-it>what I wrote</textarea>', ''],
    ['<label data-it>Choose <select><option>what I chose</select> one</label>', 'Choose one'],
    ['<p contenteditable><b data-it>what I wrote</b></p>', ''],
    ['<a data-it><style>a {}</style>Go</a>', 'Go'],
    ['<p data-passerby-ignore><b data-it>4711</b></p>', ''],
    [`<p data-it>${'é'.repeat(60)}</p>`, 'é'.repeat(40)],
    [`<p data-it>${'word '.repeat(60)}</p>`, 'word '.repeat(8)],
    [`<p data-it>${'<i> </i>'.repeat(100_000)}end</p>`, ''],
  ] as const) {
    assert.equal(await read(html, 'capture.labelOf(it)'), label, html.slice(0, 80));
  }
});

test('in a long list the place ends at a number, so that its last entry costs no more than its first', async () => {
  const found = await read(`<ul>${'<li></li>'.repeat(5_000)}<li data-it></li></ul>`, 'capture.pathOf(it)');
  assert.equal(found, 'ul>li:200');
});

test('no text breaks out of its place, and nothing that fails in the core gets out', async () => {
  const told = await read('', `let told; capture.teller((...args) => { told = args; throw 1 })(1, ['a\\0b', undefined, 'c'], [3], 2); told.slice(0, 3)`);
  assert.deepEqual(told, [1, 2, 'ab\0\0c']);
});
