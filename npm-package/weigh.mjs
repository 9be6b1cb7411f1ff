// What each feature weighs: by how much core.js is smaller without the file that holds it. Together they weigh less than
// their sum says: what two of them repeat costs little the second time.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { COMMON } from './shared.mjs';

const here = import.meta.dirname;
const capture = path.join(here, '../sdk-wasm/src/capture');

/** By the file in capture/. */
const FEATURES = {
  click: 'clicks, rage and dead ones', form: 'forms', vital: 'web vitals', link: 'links and downloads', scroll: 'scroll depth',
  error: 'script errors', tagged: 'tagged elements', search: 'site search',
};

/** In place of a file: the same exports, which do nothing. */
const without = (file) => ({
  name: 'without',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path: loaded }) => {
      if (loaded !== file) return undefined;
      const names = [...(await readFile(file, 'utf8')).matchAll(/^export (?:const|let) (\w+)/gm)].map(([, name]) => name);
      return { contents: names.map((name) => `export const ${name} = () => ({});`).join('\n') };
    });
  },
});

const bytes = async (plugins) => {
  const { outputFiles } = await build({
    ...COMMON,
    entryPoints: [path.join(here, 'src/core/glue.ts')],
    write: false,
    external: ['./unsent.js'],
    format: 'esm',
    minify: true,
    plugins,
  });
  return brotliCompressSync(outputFiles[0].contents).length;
};

/** Bytes, brotli, by what the feature is called. */
export const weigh = async () => {
  const whole = await bytes([]);
  const weights = Object.entries(FEATURES).map(async ([file, feature]) => [
    feature,
    whole - (await bytes([without(path.join(capture, `${file}.ts`))])),
  ]);
  return (await Promise.all(weights)).sort(([, a], [, b]) => b - a);
};
