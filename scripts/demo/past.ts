// What happened before the demo was started, imported day by day, the newest first. A day of which the collector counts as many
// events as happened is there already; of any other all is sent, since what is known counts no second time.

import { setTimeout as wait } from 'node:timers/promises';
import { type Visitor, dayMs, visitsOf } from './days.ts';

export type Collector = { url: string; key: string; site: string };
/** Told how many days are there. */
export type Progress = (days: number) => void;

/** A request may have 1 MiB and 1,000 records. */
const mostBytes = 900_000;
const mostRecords = 1_000;

/** For how many seconds a collector may not be there: wrangler starts it anew when it is built anew. */
const patience = 120;

/** Asks, again where nobody answers: whatever is sent counts once. */
async function post({ url, key }: Collector, path: string, body: string): Promise<Response> {
  for (let waited = 0; ; waited++) {
    try {
      return await fetch(`${url}${path}`, { method: 'POST', body, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } });
    } catch (error) {
      if (waited === patience) throw error;
      await wait(1000);
    }
  }
}

/** A visit until then, as its batch would have been sent at its end. */
function recordOf({ tab, person: { visitor, home, device }, startMs, steps }: Visitor, site: string, untilMs: number): string | undefined {
  const past = steps.filter(({ after_ms }) => startMs + after_ms <= untilMs);
  const last = past.at(-1);
  if (last === undefined) return undefined;
  const events = past.map(({ after_ms, event }, place) => ({ after_ms: after_ms - (past[place - 1]?.after_ms ?? last.after_ms), ...event }));
  const context = { screen: device.screen, language: home.language, time_zone: home.timeZone };
  const batch = { site, tab, visitor, sent_at_ms: startMs + last.after_ms, viewport: device.window, context, events };
  return JSON.stringify({ request: { user_agent: device.agent, country: home.country, region: home.region, city: home.city }, batch });
}

/** How many events of each day in UTC the collector counts. */
async function counted(collector: Collector, firstDay: number, lastDay: number): Promise<Map<number, number>> {
  const date = (day: number) => new Date(day * dayMs).toISOString().slice(0, 10);
  const question = { site_id: collector.site, date_range: [date(firstDay), date(lastDay)], metrics: ['events'], dimensions: ['time:day'] };
  const answer = await post(collector, '/api/v2/query', JSON.stringify(question));
  if (!answer.ok) throw new Error(await answer.text());
  const { results } = (await answer.json()) as { results: { dimensions: [string]; metrics: [number] }[] };
  return new Map(results.map(({ dimensions: [day], metrics: [events] }) => [Date.parse(day) / dayMs, events]));
}

/** How many of these visits' steps lie on a day, until then. */
function eventsOn(day: number, visits: readonly Visitor[], untilMs: number): number {
  const isOn = (ms: number) => ms <= untilMs && Math.floor(ms / dayMs) === day;
  return visits.reduce((sum, { startMs, steps }) => sum + steps.filter(({ after_ms }) => isOn(startMs + after_ms)).length, 0);
}

/** Records in bodies that a request may have. */
function* bodies(records: Iterable<string>): Generator<string> {
  let [some, bytes]: [string[], number] = [[], 0];
  const body = () => `{"records":[${some.join()}]}`;
  for (const record of records) {
    const size = Buffer.byteLength(record) + 1;
    if (some.length === mostRecords || bytes + size > mostBytes) {
      yield body();
      [some, bytes] = [[], 0];
    }
    some.push(record);
    bytes += size;
  }
  if (some.length > 0) yield body();
}

/** Sends a body, again where the collector has too much to do. */
async function send(collector: Collector, body: string): Promise<void> {
  for (;;) {
    const answer = await post(collector, `/api/v1/sites/${collector.site}/import`, body);
    if (answer.ok) return void (await answer.arrayBuffer());
    if (answer.status !== 503) throw new Error(await answer.text());
    await wait(Number(answer.headers.get('retry-after') ?? 1) * 1000);
  }
}

/** Imports so many days, the last of them until then. */
export async function importPast(collector: Collector, days: number, untilMs: number, progress: Progress = () => {}): Promise<void> {
  const today = Math.floor(untilMs / dayMs);
  const oldest = today - days + 1;
  const known = await counted(collector, oldest, today);
  let visits = visitsOf(today);
  for (let day = today; day >= oldest; day--) {
    // Those that went on after midnight.
    const before = day > oldest ? visitsOf(day - 1) : [];
    if ((known.get(day) ?? 0) < eventsOn(day, [...before, ...visits], untilMs)) {
      const records = visits.map((visit) => recordOf(visit, collector.site, untilMs)).filter((record) => record !== undefined);
      for (const body of bodies(records)) await send(collector, body);
    }
    progress(today - day + 1);
    visits = before;
  }
}
