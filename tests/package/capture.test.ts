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
        export { pathOf } from './sdk-wasm/src/capture/element.ts';
        export { watchClicks } from './sdk-wasm/src/capture/click.ts';
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
    ['<form><input name=id><input name=parentElement><input name=localName><u data-it></u></form>', undefined],
  ] as const) {
    const found = await read(html, 'try { capture.pathOf(it) } catch { undefined }');
    if (expected) assert.equal(found, expected, html);
  }
});

test('a path that would be too long keeps its lower end', async () => {
  const found = (await read('<article>'.repeat(100) + '<i data-it></i>', 'capture.pathOf(it)')) as string;
  assert.ok(found.length <= 200 && found.endsWith('article>i'), found);
  const wide = (await read(`<b id="${'é'.repeat(99)}"><i><u data-it></u></i></b>`, 'capture.pathOf(it)')) as string;
  assert.equal(wide, 'i>u', 'limits are of bytes');
});

/** What a click on `it` is reported as, on a page of 1,000 by 2,000 pixels. */
const click = (html: string, scrollTop = 0) =>
  read(
    html,
    `scrollTo(0, ${scrollTop}); let told;
     const onClick = capture.watchClicks(({ click }) => (told = click), () => [innerWidth, innerHeight, 1000, 2000]);
     it.addEventListener('click', onClick);
     it.dispatchEvent(new MouseEvent('click', { bubbles: true, view: window, clientX: 30, clientY: 40 })); told`,
  ) as Promise<Record<string, unknown>>;

test('a click names what was meant, its label on one line, and what a visitor wrote never', async () => {
  for (const [html, element, text] of [
    ['<button>Buy <b data-it>\n now</b></button>', 'button', 'Buy now'],
    ['<p data-it>Hello</p>', 'p', 'Hello'],
    ['<div data-it>Some <b>text</b></div>', 'div', ''],
    ['<textarea data-it>what I wrote</textarea>', 'textarea', ''],
    ['<p contenteditable><b data-it>what I wrote</b></p>', 'p>b', ''],
    [`<p data-it>${'é'.repeat(60)}</p>`, 'p', 'é'.repeat(40)],
    [`<p data-it>${'word '.repeat(60)}</p>`, 'p', 'word '.repeat(8)],
  ] as const) {
    const told = await click(html);
    assert.deepEqual(told, { element, text, x_myriad: 300, y_myriad: 200, flags: 0 }, html);
  }
});

test('a click on what stays in place is one in the window', async () => {
  const tall = '<div style="height: 5000px"></div>';
  const [x_myriad, y_myriad] = (await page.evaluate('[300_000 / innerWidth | 0, 400_000 / innerHeight | 0]')) as number[];
  for (const [html, place] of [
    [`<p style="position: fixed"><a data-it>x</a></p>${tall}`, { flags: 1, x_myriad, y_myriad }],
    [`<p style="position: sticky"><a data-it>x</a></p>${tall}`, { flags: 1, x_myriad, y_myriad }],
    [`<p><a data-it>x</a></p>${tall}`, { flags: 0, x_myriad: 300, y_myriad: 700 }],
  ] as const) {
    const { element: _, text: __, ...told } = await click(html, 100);
    assert.deepEqual(told, place, html);
  }
});

test('no text breaks out of its place, and nothing that fails in the core gets out', async () => {
  const told = await read('', `let told; capture.teller((...args) => { told = args; throw 1 })(1, ['a\\0b', undefined, 'c'], [3], 2); told.slice(0, 3)`);
  assert.deepEqual(told, [1, 2, 'ab\0\0c']);
});
