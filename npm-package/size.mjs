// Prints what a page loads, and fails above size-budget.json.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const here = import.meta.dirname;
const budget = JSON.parse(await readFile(path.join(here, 'size-budget.json'), 'utf8'));

const rows = [];
for (const name of ['p.js', 'core.js', 'core.wasm']) {
  const bytes = await readFile(path.join(here, 'dist', name));
  rows.push({ name, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length });
}
const sum = (column) => rows.reduce((total, row) => total + row[column], 0);
rows.push({ name: 'total', raw: sum('raw'), gzip: sum('gzip'), brotli: sum('brotli') });

console.log('             raw     gzip   brotli   budget');
let over = false;
for (const { name, raw, gzip, brotli } of rows) {
  const limit = budget[name];
  over ||= brotli > limit;
  const cells = [raw, gzip, brotli, limit ?? ''].map((cell) => String(cell).padStart(9));
  console.log(`${name.padEnd(9)}${cells.join('')}${brotli > limit ? '  over' : ''}`);
}
if (over) process.exitCode = 1;
