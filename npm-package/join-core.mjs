// Makes core.wasm and core.js of what wasm-bindgen made of the crate: keeps of the wasm what src/core/bindgen.ts uses, and
// gives the names between the two files, which carry hashes that no compressor shortens, one letter each.
//
// node join-core.mjs <wasm of wasm-bindgen> <folder for intermediate files> <features for wasm-opt>...

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { COMMON, NAMES, squeeze } from './shared.mjs';

const [from, folder, ...features] = process.argv.slice(2);
const here = import.meta.dirname;
const file = (name) => path.join(folder, name);
const run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 24 });

/** wasm-bindgen's name as bindgen.ts has it. */
const plain = (name) =>
  '__' + name.replace(/^_*(wbg|wbindgen)_+/, '').replace(/^(wbg|wbindgen)_+/, '').replace(/_[0-9a-f]{16}$/, '');

const source = await readFile(path.join(here, 'src/core/bindgen.ts'), 'utf8');
const used = new Set(source.match(/\b__\w+/g));

// Exports that nobody calls, and what only they need, go.
const { exports } = await WebAssembly.compile(await readFile(from)).then((module) => ({ exports: WebAssembly.Module.exports(module) }));
const kept = exports.map(({ name }) => name).filter((name) => used.has(plain(name)));
const graph = [
  { name: 'page', reaches: kept, root: true },
  ...kept.map((name) => ({ name, export: name })),
];
await writeFile(file('graph.json'), JSON.stringify(graph));
run('wasm-metadce', from, '--graph-file', file('graph.json'), '-o', file('kept.wasm'), ...features);
run(
  'wasm-opt', file('kept.wasm'), '-o', file('small.wasm'), '-Oz', '--converge', '--low-memory-unused', ...features,
  '--strip-debug', '--strip-producers', '--strip-target-features',
);
const core = path.join(here, 'dist/core.wasm');
const names = JSON.parse(run('wasm-opt', file('small.wasm'), '-o', core, ...features, '--minify-imports-and-exports-and-modules'));

const short = { __imports: 'a' };
for (const [name, letter] of [...names.imports.map(([, name, letter]) => [name, letter]), ...names.exports]) {
  const known = plain(name);
  if (!used.has(known) || known in short) throw new Error(`core.wasm has ${name}, which src/core/bindgen.ts has not as ${known}`);
  short[known] = letter;
}
for (const name of used) if (!(name in short)) throw new Error(`src/core/bindgen.ts has ${name}, which core.wasm has not`);

const sha256 = (bytes, form) => createHash('sha256').update(bytes).digest(form);
const wasm = await readFile(core);
const { outputFiles } = await build({
  ...COMMON,
  entryPoints: [path.join(here, 'src/core/glue.ts')],
  write: false,
  define: { INTEGRITY: JSON.stringify(`sha256-${sha256(wasm, 'base64')}`) },
  external: ['./unsent.js'],
  format: 'esm',
  minify: true,
  mangleProps: new RegExp(`^__|${COMMON.mangleProps.source}`),
  mangleCache: { ...short, ...NAMES },
});
const script = await squeeze(outputFiles[0].text, { module: true });
// Of the script with its place for the version, and of the WebAssembly, whose hash it holds.
const version = `v${sha256(script, 'hex').slice(0, 6)}`;
await writeFile(path.join(here, 'dist/core.js'), script.replaceAll('VERSION', version));
