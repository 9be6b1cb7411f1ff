// Rewrites the glue for names that wasm-opt has shortened (--minify-imports-and-exports-and-modules). The generated
// names carry hashes, which no compressor shortens, and stand in both files.
//
// node shrink-glue.mjs <map of wasm-opt> <glue> <shortened glue>

import { readFile, writeFile } from 'node:fs/promises';

const [mapFile, from, to] = process.argv.slice(2);
const map = JSON.parse(await readFile(mapFile, 'utf8'));
let glue = await readFile(from, 'utf8');

const replaceAll = (pattern, shorten) => {
  glue = glue.replace(pattern, (whole, name) => {
    const short = shorten(name);
    if (short === undefined) throw new Error(`the glue names ${name}, which the wasm has not`);
    return whole.replace(name, short);
  });
};

const imports = new Map(map.imports.map(([, name, short]) => [name, short]));
const exports = new Map(map.exports);
// An import's key stands at the start of a line; wasm-opt drops those that it found unused, but their keys do no harm.
replaceAll(/^ {8}(__w\w+): function/gm, (name) => imports.get(name) ?? name);
replaceAll(/\bwasm\.(\w+)/g, (name) => exports.get(name));
replaceAll(/"(\.\/core_bg\.js)": import0/g, () => 'a');
await writeFile(to, glue);
