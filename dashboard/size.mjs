// Prints what the dashboard's files weigh, and fails where its first view is above size-budget.json: the scripts and styles
// that index.html names.

import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';

const dist = path.join(import.meta.dirname, 'dist');
const budget = JSON.parse(await readFile(path.join(import.meta.dirname, 'size-budget.json'), 'utf8'))['first view'];

const page = await readFile(path.join(dist, 'index.html'), 'utf8');
let total = 0;
console.log('brotli');
for (const name of (await readdir(path.join(dist, 'assets'))).filter((name) => /\.(js|css)$/.test(name)).sort()) {
  const bytes = brotliCompressSync(await readFile(path.join(dist, 'assets', name))).length;
  const isFirst = page.includes(`/assets/${name}"`);
  if (isFirst) total += bytes;
  console.log(`${String(bytes).padStart(6)}  ${name}${isFirst ? '  (first view)' : ''}`);
}
console.log(`${String(total).padStart(6)}  first view, of at most ${budget}`);
if (total === 0 || total > budget) process.exitCode = 1;
