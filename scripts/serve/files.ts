// The static files that a box serves: by which path each is found, and with which headers.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

export type File = { file: string; type: string; etag: string; headers: Record<string, string> };

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** Cloudflare's `_headers` form: a path, which may end in a star, and below it the headers of what is there. */
function rules(text: string): { matches: (path: string) => boolean; headers: [string, string][] }[] {
  const found: { matches: (path: string) => boolean; headers: [string, string][] }[] = [];
  for (const line of text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))) {
    const header = /^\s+([^:\s]+):\s*(.*)$/.exec(line);
    if (header) found.at(-1)?.headers.push([header[1] as string, header[2] as string]);
    else {
      const pattern = line.trim();
      const start = pattern.endsWith('*') ? pattern.slice(0, -1) : undefined;
      found.push({ matches: (path) => (start === undefined ? path === pattern : path.startsWith(start)), headers: [] });
    }
  }
  return found;
}

/** Every file of a folder by its path; a folder's `index.html` by that of the folder. */
export function filesOf(folder: string): Record<string, File> {
  const table = path.join(folder, '_headers');
  const ruled = existsSync(table) ? rules(readFileSync(table, 'utf8')) : [];
  const list: Record<string, File> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const whole = path.join(folder, name);
    if (name === '_headers' || name === '_redirects' || !statSync(whole).isFile()) continue;
    const file = `/${name.split(path.sep).join('/')}`;
    const at = file.replace(/\/index\.html$/, '/');
    const headers: Record<string, string> = { 'Cache-Control': 'public, max-age=0, must-revalidate' };
    for (const rule of ruled.filter(({ matches }) => matches(at))) for (const [header, value] of rule.headers) headers[header] = value;
    const etag = `"${createHash('sha256').update(readFileSync(whole)).digest('hex').slice(0, 32)}"`;
    list[at] = { file, type: types[path.extname(name)] ?? 'application/octet-stream', etag, headers };
  }
  return list;
}
