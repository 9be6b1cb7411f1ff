// `make bench-query`: the same questions about the same million visits of 30 days to the fold on the host, to DuckDB, and to the
// Worker under workerd. Its argument is the Python that has DuckDB. Prints a table and writes target/bench/query.json.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dayMs } from './storage.ts';
import { type Answers, type Cost, measure } from './worker.ts';
import { root } from '../server.ts';

const visits = 1_000_000;
const python = process.argv[2] as string;
const results = path.join(root, 'target/bench');
const folder = path.join(results, 'query');
const data = path.join(folder, 'data');

function run(command: string, ...args: string[]): any {
  return JSON.parse(execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 }));
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const today = Math.floor(Date.now() / dayMs);
console.log('the host');
const host = run('target/release/examples/bench_query', String(visits), String(today - 30), data);
const answers: Answers & Record<string, { sessions_per_s: number }> = host.questions;
console.log('DuckDB');
const duckdb = run(python, 'tests/bench/query/duckdb_questions.py', data, String(host.from_ms), String(host.to_ms));
for (const [name, { answer }] of Object.entries(duckdb.questions as Answers)) {
  assert.deepEqual(answers[name]?.answer, answer, `the host and DuckDB differ about ${name}`);
}
console.log('the Worker');
const worker = await measure(folder, data, today, answers);
rmSync(folder, { recursive: true });

const ms = (questions: Answers) => Object.fromEntries(Object.entries(questions).map(([name, { ms }]) => [name, ms]));
const figures = {
  visits: host.visits,
  events: host.events,
  packed_bytes_per_event: host.packed_bytes_per_event,
  aggregate_sessions_per_s: answers['aggregate']?.sessions_per_s,
  funnel_sessions_per_s: answers['funnel_4']?.sessions_per_s,
  host_ms: ms(answers),
  duckdb_ms: ms(duckdb.questions),
  duckdb_version: duckdb.version,
  times_as_fast_as_duckdb: Object.fromEntries(Object.entries(duckdb.questions as Answers).map(([name, { ms }]) => [name, ms / answers[name]!.ms])),
  ...worker,
};
writeFileSync(path.join(results, 'query.json'), `${JSON.stringify(figures, null, 2)}\n`);

const line = (name: string, ...cells: string[]) => console.log(`  ${name.padEnd(34)}${cells.map((cell) => cell.padStart(14)).join('')}`);
const show = (value: number, digits = 0) => value.toFixed(digits);
const million = (value: number) => `${show(value / 1e6, 1)} M/s`;
console.log(`\n${host.visits} visits, ${host.events} events of 30 days\n`);
line('one thread, from packed columns', 'host ms', 'visits', 'DuckDB ms', 'times as fast');
for (const [name, { ms, sessions_per_s }] of Object.entries(answers)) {
  const others = duckdb.questions[name]?.ms as number | undefined;
  line(name, show(ms), million(sessions_per_s), ...(others === undefined ? [] : [show(others), show(others / ms, 1)]));
}
line('bytes an event, packed', show(host.packed_bytes_per_event, 2));
console.log();
line('Worker of 4 shards: ms (CPU ms)', 'first time', 'restarted', 'again', 'after an event');
const { cold, restarted, warm, warm_after_an_event: live, first_time } = worker.costs;
const cost = ({ ms, cpuMs }: Cost) => `${show(ms)} (${show(cpuMs)})`;
for (const name of Object.keys(cold)) line(name, ...[cold, restarted, warm, live].map((costs) => cost(costs[name] as Cost)));
for (const [name, first] of Object.entries(first_time)) line(`${name}, days in memory`, cost(first));
line('memory of a shard', `${show(worker.memory_bytes_per_shard / 2 ** 20)} MiB`);
line('bundle, gzip', `${show(worker.bundle_gzip_bytes / 1024)} KiB`);
line('start-up', `${show(worker.start_up_ms)} ms`);
console.log('\n  target/bench/query.json');
