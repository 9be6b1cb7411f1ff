// Copies the data of a collector that serves: backup.ts DATA TO. Each object's database is copied as of one moment, in which
// everything that was acknowledged before is (SQLite's VACUUM INTO; the collector goes on meanwhile). To copy the files
// themselves would not do: between two of them SQLite may move what one had to the other.

import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const [data, to] = process.argv.slice(2).map((folder) => path.resolve(folder)) as [string, string];
if (existsSync(to)) throw new Error(`${to} is there already`);
// Under its name when it is whole.
const unfinished = `${to}.unfinished`;
if (existsSync(unfinished)) throw new Error(`${unfinished} is there: an earlier backup broke off; remove it`);
mkdirSync(unfinished, { recursive: true, mode: 0o700 });

const storage = path.join(data, 'storage');
const databases = readdirSync(storage, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.sqlite'));
for (const name of databases) {
  const copy = path.join(unfinished, 'storage', name);
  mkdirSync(path.dirname(copy), { recursive: true });
  const database = new DatabaseSync(path.join(storage, name), { readOnly: true });
  database.exec('PRAGMA busy_timeout = 10000');
  database.prepare('VACUUM INTO ?').run(copy);
  database.close();
  const written = new DatabaseSync(copy, { readOnly: true });
  const health = written.prepare('PRAGMA quick_check').get()?.['quick_check'];
  written.close();
  if (health !== 'ok') throw new Error(`${name}: ${health}`);
}
for (const name of ['admin-key', 'sites.json'].filter((name) => existsSync(path.join(data, name)))) {
  copyFileSync(path.join(data, name), path.join(unfinished, name));
  chmodSync(path.join(unfinished, name), 0o600);
}
renameSync(unfinished, to);
console.log(`${to}: ${databases.length} databases`);
