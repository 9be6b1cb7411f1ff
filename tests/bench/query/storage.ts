// A site's shards with thirty days in them. Events older than three days cannot be sent, so what the bench's example wrote is put
// into the objects' own files while nobody serves them: days as a shard packs them, and those that it has not packed yet as rows.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Server } from '../server.ts';

export const site = 'bench';
export const shards = 4;
export const dayMs = 86_400_000;

/** Days that a shard keeps as rows: those that events may still come for. See `Store::pack`. */
const openDays = 4;

const browser = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';

/** Sends a page view of a visitor. */
export async function send(server: Server, visitor: number): Promise<void> {
  const batch = { site, tab: visitor.toString(16).padStart(16, '0'), first: 0, events: [{ after_ms: -1, pageview: { path: '/' } }] };
  const address = `192.0.${Math.floor(visitor / 256)}.${visitor % 256}`;
  await server.ask('/e', batch, { 'user-agent': browser, 'cf-connecting-ip': address });
}

function databases(folder: string): string[] {
  const objects = path.join(folder, 'storage/shard');
  return readdirSync(objects).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name)).map((name) => path.join(objects, name));
}

/** Has the shards make their files. That one of them gets no visitor has a chance of 4 · (3 / 4)^64: one in 25 million. */
export async function makeShards(server: Server): Promise<void> {
  for (let visitor = 1; visitor <= 64; visitor++) await send(server, visitor);
}

/** Puts the days into the shards, whose files nobody has open. */
export function fill(folder: string, data: string, today: number): void {
  const days = [...new Set(readdirSync(data).flatMap((name) => /^(\d+)\.\d\.packed$/.exec(name)?.[1] ?? []))].map(Number);
  for (const file of databases(folder)) {
    const database = new DatabaseSync(file);
    // The highest bits of a visitor say which shard this is.
    const row = database.prepare(`SELECT visitor FROM session_${today}`).get();
    const shard = Math.floor((row?.['visitor'] as number) / 2 ** 51);
    const tables = database.prepare('SELECT sql FROM sqlite_master WHERE name IN (?, ?)').all(`session_${today}`, `further_${today}`).map((row) => row['sql'] as string);
    database.exec('BEGIN');
    database.exec(`DELETE FROM session_${today}`);
    for (const day of days) {
      const packed = day <= today - openDays;
      database.prepare('INSERT INTO day (day, packed) VALUES (?, ?)').run(day, Number(packed));
      if (packed) {
        database.prepare('INSERT INTO segment (day, part, bytes) VALUES (?, 0, ?)').run(day, readFileSync(path.join(data, `${day}.${shard}.packed`)));
      } else {
        for (const table of tables) database.exec(table.replace(`_${today}`, `_${day}`));
        insertRows(database, day, readFileSync(path.join(data, `${day}.${shard}.rows`)));
      }
    }
    // Visits go on behind midnight.
    database.exec('INSERT INTO reach (days) VALUES (1)');
    database.exec('COMMIT');
    database.close();
  }
}

/** Rows as `export.rs` writes them: visitor, start, tabs and body, the last two behind their lengths. */
function insertRows(database: DatabaseSync, day: number, bytes: Buffer): void {
  // The first of a visitor and the others, as `rows.rs` has them.
  const [first, further] = ['session', 'further'].map((name) => database.prepare(`INSERT INTO ${name}_${day} (visitor, start, tabs, outcomes, body) VALUES (?, ?, ?, ?, ?)`));
  const seen = new Set<number>();
  const noOutcomes = Buffer.of(0); // an empty list
  let at = 0;
  const take = (length: number) => bytes.subarray(at, (at += length));
  while (at < bytes.length) {
    const [visitor, start] = [Number(take(8).readBigUInt64BE() >> 11n), take(8).readBigInt64BE()];
    const [tabs, body] = [0, 1].map(() => take(take(4).readUInt32BE()));
    (seen.has(visitor) ? further : first)?.run(visitor, start, tabs as Buffer, noOutcomes, body as Buffer);
    seen.add(visitor);
  }
}
