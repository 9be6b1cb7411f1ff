// Prints what a page loads, and what each feature weighs of it; fails above size-budget.json.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { weigh } from './weigh.mjs';

const here = import.meta.dirname;
const budget = JSON.parse(await readFile(path.join(here, 'size-budget.json'), 'utf8'));

const measure = async (name) => {
  const bytes = await readFile(path.join(here, 'dist', name));
  return { name, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length };
};
let over = false;
const print = ({ name, raw, gzip, brotli }) => {
  const limit = budget[name];
  over ||= brotli > limit;
  const cells = [raw, gzip, brotli, limit ?? ''].map((cell) => String(cell).padStart(9));
  console.log(`${name.padEnd(11)}${cells.join('')}${brotli > limit ? '  over' : ''}`);
};

console.log('               raw     gzip   brotli   budget');
const rows = await Promise.all(['p.js', 'core.js', 'core.wasm'].map(measure));
const sum = (column) => rows.reduce((total, row) => total + row[column], 0);
[...rows, { name: 'total', raw: sum('raw'), gzip: sum('gzip'), brotli: sum('brotli') }].forEach(print);

console.log('\nnot in the total: what few pages load (what is unsent outlives the page), and all of it in one file');
for (const name of ['unsent.js', 'p.inline.js']) print(await measure(name));

console.log('\nof core.js, brotli');
for (const [feature, bytes] of await weigh()) console.log(`${feature.padEnd(29)}${String(bytes).padStart(9)}`);
if (over) process.exitCode = 1;
