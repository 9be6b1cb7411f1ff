// `make bench-ingest`: how many batches of 20 events a collector takes in, beside Workers that do less than any collector must.
// Everything runs on this machine, whose pace drifts: so each is measured in turn, some seconds at a time, and what counts are
// the ratios of one round. Prints a table and writes target/bench/ingest.json. SECONDS_EACH (2) and ROUNDS (3) make it longer.

import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { median } from '../query/worker.ts';
import { root, Server } from '../server.ts';
import { hop, insert, noop } from './ceilings.ts';
import { perMillionEvents } from './cost.ts';
import { type Load, load } from './load.ts';

const seconds = Number(process.env['SECONDS_EACH'] ?? 2);
const rounds = Number(process.env['ROUNDS'] ?? 3);
const eventsOfABatch = 20;
const results = path.join(root, 'target/bench');
const folder = path.join(results, 'ingest');
const shards = [1, 4, 16, 64];
/** How many connections the growth over shards is measured with: one, for which nothing comes together, some, and so many that each of 64 shards has some. */
const fleets = [1, 32, 256];
const of = (count: number, connections: number) => `of-${count}-from-${connections}`;
// The load comes from one machine: no limit of what one address or site may send is to be met.
const unlimited = { batches_per_minute: 1e9, batches_per_minute_of_address: 1e9 };
const sites = { bench: unlimited, overload: unlimited, ...Object.fromEntries(fleets.flatMap((fleet) => shards.map((count) => [of(count, fleet), { shards: count, ...unlimited }]))) };

const place = (name: string) => {
  const own = path.join(folder, name);
  mkdirSync(own, { recursive: true });
  return own;
};

async function rows(server: Server, site: string): Promise<{ batches: number; rows: number }> {
  const { json } = await server.ask(`/api/v1/storage?site_id=${site}`);
  const sum = (name: string) => json.results.reduce((total: number, shard: Record<string, number>) => total + (shard[name] ?? 0), 0);
  return { batches: sum('batches'), rows: sum('rows_written') };
}

async function answers(server: Server, site: string): Promise<any> {
  const get = async (route: string) => (await server.ask(`/api/v1/stats/${route}site_id=${site}&period=7d`)).json.results;
  return [await get('aggregate?metrics=visitors,visits,pageviews,events&'), await get('breakdown?property=event:page&limit=50&metrics=visitors,pageviews&')];
}

const count = async (server: Server, site: string) => (await answers(server, site))[0].events.value as number;

/** The same load on more shards: the same answers, and what a batch costs. */
async function growth(server: Server, connections: number): Promise<Record<string, { cpu_us: number; rps: number; rows_per_batch: number; ratio: number }>> {
  const [costs, said] = [new Map<number, Load[]>(shards.map((each) => [each, []])), new Map<number, any>()];
  for (let round = 0; round < rounds; round++) {
    for (const each of shards) costs.get(each)!.push(await load(server, { seconds, connections, batches: Math.min(1280, 5120 / connections), site: of(each, connections), run: 1 + round }));
  }
  const grown: Record<string, any> = {};
  for (const each of shards) {
    const { batches, rows: written } = await rows(server, of(each, connections));
    said.set(each, await answers(server, of(each, connections)));
    const cpu = median(costs.get(each)!.slice(1).map(({ cpuUs }) => cpuUs));
    grown[each] = { cpu_us: cpu, rps: median(costs.get(each)!.map(({ rps }) => rps)), rows_per_batch: written / batches };
    assert.deepEqual(said.get(each), said.get(1), `${each} shards answer otherwise than one`);
  }
  for (const each of shards) grown[each].ratio = grown[each].cpu_us / grown[1].cpu_us;
  return grown;
}

/** Twice as many as it can take in, from many connections; then half as many, until that is answered well. */
async function overload(server: Server, capacity: number) {
  const site = 'overload';
  const over = await load(server, { seconds: 4, connections: 600, rate: 2 * capacity, site });
  const begun = performance.now();
  let after: Load;
  let recovered = Infinity;
  let [acknowledged, lost] = [over.accepted, over.lost];
  do {
    after = await load(server, { seconds: 0.5, rate: capacity / 2, site });
    acknowledged += after.accepted;
    lost += after.lost;
    if (after.ms.p99 <= 100 && after.answered === after.ok) recovered = (performance.now() - begun) / 1000 - 0.5;
  } while (recovered === Infinity && performance.now() - begun < 20_000);
  return { over, recovered, acknowledged, lost };
}

rmSync(folder, { recursive: true, force: true });
const servers = {
  noop: await Server.script(place('noop'), noop, false),
  hop: await Server.script(place('hop'), hop, true),
  insert: await Server.script(place('insert'), insert, true),
  ingest: await Server.collector(place('collector'), sites),
};
type Name = keyof typeof servers;
const names = Object.keys(servers) as Name[];
try {
  const blind = (name: Name) => name !== 'ingest';
  // Code that has run for a while is compiled well.
  for (const name of names) await load(servers[name], { seconds: 1.5, blind: blind(name) });
  const before = await rows(servers.ingest, 'bench');
  const measured = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Load[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) measured[name].push(await load(servers[name], { seconds, blind: blind(name) }));
  }
  const now = await rows(servers.ingest, 'bench');
  const rowsPerBatch = (now.rows - before.rows) / (now.batches - before.batches);
  const rps = (name: Name) => median(measured[name].map((one) => one.rps));
  const cpuUs = (name: Name) => median(measured[name].map((one) => one.cpuUs));
  const ratio = (name: Name) => median(measured.ingest.map((one, round) => one.rps / measured[name][round]!.rps));
  const cpuRatio = (name: Name) => median(measured.ingest.map((one, round) => one.cpuUs / measured[name][round]!.cpuUs));
  for (const one of measured.ingest) assert.deepEqual([one.answered, one.accepted], [one.ok, one.ok * eventsOfABatch], 'every batch is taken in');

  const half = await load(servers.ingest, { seconds: 4, rate: rps('ingest') / 2 });
  const grown: Record<number, Awaited<ReturnType<typeof growth>>> = {};
  for (const fleet of fleets) grown[fleet] = await growth(servers.ingest, fleet);
  const { over, recovered, acknowledged, lost } = await overload(servers.ingest, rps('ingest'));
  const stored = await count(servers.ingest, 'overload');

  const dollars = perMillionEvents({ events: eventsOfABatch, cpuMs: cpuUs('ingest') / 1000, objectRequests: 1, objectMs: half.ms.p50, rowsWritten: rowsPerBatch, rowsRead: 3 * rowsPerBatch });
  const refused = Object.entries(over.statuses).filter(([status]) => status !== '200').map(([status, times]) => `${status}: ${times}`);
  const figures = {
    noop_rps: rps('noop'),
    hop_rps: rps('hop'),
    js_insert_rps: rps('insert'),
    ingest_rps: rps('ingest'),
    ingest_of_hop: ratio('hop'),
    ingest_of_js_insert: ratio('insert'),
    events_per_batch: eventsOfABatch,
    events_per_s: rps('ingest') * eventsOfABatch,
    cpu_us_per_request: Object.fromEntries(names.map((name) => [name, cpuUs(name)])),
    cpu_of_hop: cpuRatio('hop'),
    cpu_of_js_insert: cpuRatio('insert'),
    cpu_s_per_million_events: cpuUs('ingest') / eventsOfABatch,
    rows_per_batch: rowsPerBatch,
    ms_at_full_load: measured.ingest[0]!.ms,
    ms_at_half_load: half.ms,
    p99_ms_at_half_load: half.ms.p99,
    usd_per_million_events: Object.values(dollars).reduce((sum, line) => sum + line, 0),
    usd_lines: dollars,
    growth: grown,
    overload: { asked_rps: 2 * rps('ingest'), taken_rps: over.rps, statuses: over.statuses, lost, acknowledged_events: acknowledged, stored_events: stored, recovered_s: recovered, ms: over.ms, refusal_ms: over.refusal_ms },
  };
  mkdirSync(results, { recursive: true });
  writeFileSync(path.join(results, 'ingest.json'), `${JSON.stringify(figures, null, 2)}\n`);

  const line = (name: string, ...cells: string[]) => console.log(`  ${name.padEnd(36)}${cells.map((cell) => cell.padStart(14)).join('')}`);
  const show = (value: number, digits = 0) => value.toFixed(digits);
  console.log(`\nbatches of ${eventsOfABatch} events, ${rounds} rounds of ${seconds} s each, 32 connections; medians\n`);
  line('', 'requests/s', 'CPU µs each', 'p50 ms', 'p99 ms', 'ingest is');
  for (const name of names) {
    const ms = measured[name].map((one) => one.ms);
    line(name, show(rps(name)), show(cpuUs(name)), show(median(ms.map(({ p50 }) => p50)), 1), show(median(ms.map(({ p99 }) => p99)), 1), name === 'ingest' ? '' : `${show(ratio(name), 2)}×`);
  }
  console.log();
  line('events a second', show(figures.events_per_s));
  line('CPU seconds a million events', show(figures.cpu_s_per_million_events, 1));
  line('rows written a batch', show(rowsPerBatch, 3));
  line('p50, p99 ms at half of that load', show(half.ms.p50, 1), show(half.ms.p99, 1));
  line('dollars a million events', show(figures.usd_per_million_events, 4));
  for (const [name, dollar] of Object.entries(dollars)) line(`  ${name}`, show(dollar, 5));
  console.log();
  for (const fleet of fleets) {
    line(`${fleet} connections, over shards`, 'CPU µs each', 'of one shard', 'rows a batch');
    for (const each of shards) line(`  ${each}`, ...[[grown[fleet]![each]!.cpu_us, 0], [grown[fleet]![each]!.ratio, 2], [grown[fleet]![each]!.rows_per_batch, 3]].map(([value, digits]) => show(value!, digits)));
  }
  console.log();
  line('twice the capacity: taken a second', show(over.rps));
  line('  refused', refused.join(', ') || 'none');
  line('  p99 ms of those taken, refused', show(over.ms.p99, 1), show(over.refusal_ms.p99, 1));
  line('  events acknowledged, stored', show(acknowledged), show(stored));
  line('  well again after seconds', show(recovered, 1));
  assert.ok(stored >= acknowledged, 'an acknowledged event was lost');
  assert.ok(lost > 0 || stored === acknowledged, 'an event was counted that was refused');
  console.log('\n  target/bench/ingest.json');
} finally {
  for (const server of Object.values(servers)) await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
