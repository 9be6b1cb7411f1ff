// Builds the package's face around the core: what the script tag loads, and the modules. The core's files are in dist/
// already (scripts/build-tracker.sh).

import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { COMMON, squeeze } from './shared.mjs';

const here = import.meta.dirname;
const dist = (file) => path.join(here, 'dist', file);
const source = (file) => path.join(here, 'src', file);

// The name under which it exports itself besides (join-core.mjs).
const [, CORE] = /as (v[0-9a-f]{6})\b/.exec(await readFile(dist('core.js'), 'utf8'));
const common = { ...COMMON, define: { CORE: JSON.stringify(CORE) } };

/** Everything in one file: the core is there, with its WebAssembly as text. */
const inline = {
  name: 'inline',
  setup(build) {
    build.onResolve({ filter: /\/core\.ts$/ }, () => ({ path: source('loader/core-inline.ts') }));
  },
};

/** What is loaded as it is, not bundled by others. */
async function page(name, { first, ...options }) {
  const { outputFiles } = await build({ ...common, minify: true, write: false, ...options });
  await writeFile(dist(name), await squeeze(outputFiles[0].text, { module: options.format === 'esm', first }));
}

// Nearly all of the loader runs at once, so Chromium may compile it while it loads, on another thread
// (https://v8.dev/blog/explicit-compile-hints); to others it is a comment.
const COMPILED_WHOLE = '//# allFunctionsCalledOnLoad';

await Promise.all([
  page('p.js', { entryPoints: [source('loader/script.ts')], format: 'iife', first: COMPILED_WHOLE }),
  page('unsent.js', { entryPoints: [path.join(here, '../sdk-wasm/src/unsent.ts')], format: 'esm' }),
  page('p.inline.js', { entryPoints: [source('loader/script.ts')], format: 'iife', plugins: [inline], loader: { '.wasm': 'binary' } }),
  build({ ...common, entryPoints: [source('esm.ts')], outfile: dist('index.mjs'), format: 'esm', external: ['./core.js'] }),
  build({ ...common, entryPoints: [source('cjs.ts')], outfile: dist('index.cjs'), format: 'cjs' }),
  copyFile(path.join(here, 'index.d.ts'), dist('index.d.ts')),
  copyFile(path.join(here, 'index.d.ts'), dist('index.d.cts')),
]);
