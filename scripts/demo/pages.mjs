// Draws into the demo's pages what their own scripts draw: so they are whole without scripts too, as they are in the frame under
// their clicks. The folder that they are served from is the argument.

import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { footer, header } from '../../demo-site/frame.js';
import { products } from '../../demo-site/products.js';
import { featured, filters, shelf, ways } from '../../demo-site/shelves.js';

const [folder] = process.argv.slice(2);

/** By the ids of the elements that are empty in the source. */
const drawn = (section) => ({
  'site-header': header(section),
  'site-footer': footer(),
  featured: featured(),
  categories: ways(),
  filters: filters(),
  products: shelf(products),
});

for (const name of (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.html'))) {
  const page = await readFile(path.join(folder, name), 'utf8');
  const parts = drawn(/<body data-section="(\w+)">/.exec(page)?.[1]);
  await writeFile(path.join(folder, name), page.replace(/(<(?:header|footer|ul)[^>]* id="([\w-]+)">)(?=<\/)/g, (whole, tag, id) => tag + (parts[id] ?? '')));
}
