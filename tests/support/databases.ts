// The storage of a collector that is stopped: what is on its disk, to be looked at and damaged.

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The databases of objects whose folder has such a name, by what is in them. */
export function databases(persist: string, folder: RegExp, act: (database: DatabaseSync, name: string) => void): void {
  const files = readdirSync(persist, { recursive: true, encoding: 'utf8' }).filter((file) => folder.test(file) && file.endsWith('.sqlite'));
  for (const file of files) {
    const database = new DatabaseSync(path.join(persist, file));
    act(database, file);
    database.close();
  }
}

/** A session's row: its day, whose it is, and what it holds. */
export type Row = { day: number; visitor: bigint; body: string };

/** The sessions of a shard that stand in rows, of the newest day first; none, where the database is no shard's. */
export function sessions(database: DatabaseSync): Row[] {
  if (database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'erasure'").get() === undefined) return [];
  const days = database.prepare('SELECT day FROM day WHERE packed = 0 ORDER BY day DESC').all().map((row) => Number(row['day']));
  return days.flatMap((day) => {
    const rows = database.prepare(`SELECT visitor, body FROM session_${day} UNION ALL SELECT visitor, body FROM further_${day}`).all() as { visitor: number; body: Uint8Array }[];
    // A row's number is the highest 53 bits of its visitor, whose others are none: `Visitor::row`.
    return rows.map(({ visitor, body }) => ({ day, visitor: BigInt(visitor) << 11n, body: Buffer.from(body).toString('latin1') }));
  });
}

/** An erasure of a visitor, as a kill leaves it: begun, done down to this day, if it came to any. */
export function beginErasure(database: DatabaseSync, visitor: bigint, untilMs: number, before: number | null): void {
  const whom = `{"visitors":[${visitor}],"user":"","known_as":[],"tabs":[],"until_ms":${untilMs}}`;
  database.prepare('INSERT INTO erasure (task) VALUES (?)').run(Buffer.from(`{"person":${whom},"before":${before}}`));
}

/** Has the object of this database woken as soon as the collector starts. */
export function alarmNow(persist: string, database: DatabaseSync, name: string): void {
  // The runtime keeps the time in the object and beside it.
  const now = `${Date.now()} * 1000000`;
  database.exec(`UPDATE _cf_METADATA SET value = ${now} WHERE key = 1`);
  databases(persist, /metadata/, (beside) => beside.exec(`UPDATE _cf_ALARM SET scheduled_time = ${now} WHERE actor_id = '${path.basename(name, '.sqlite')}'`));
}
