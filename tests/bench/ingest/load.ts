// Runs the load generator (protocol/examples/ingest_load) against a server, and says what that cost the server.

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { root, type Server } from '../server.ts';

const program = path.join(root, 'target/release/examples/ingest_load');
const run = promisify(execFile);

/** As the generator says it; times are milliseconds. */
export type Said = {
  seconds: number;
  /** Batches that were taken, and how many a second. */
  ok: number;
  rps: number;
  answered: number;
  statuses: Record<string, number>;
  lost: number;
  accepted: number;
  duplicate: number;
  refused: number;
  ms: { p50: number; p95: number; p99: number; max: number };
  refusal_ms: { p50: number; p95: number; p99: number; max: number };
};

export type Load = Said & {
  /** Microseconds of the server's computing for each request that it answered. */
  cpuUs: number;
};

export type Options = {
  seconds: number;
  connections?: number;
  /** Batches of each connection, however long that takes. */
  batches?: number;
  /** Batches a second, if not as many as are answered. */
  rate?: number;
  site?: string;
  /** For what only answers. */
  blind?: boolean;
  /** Sends what was refused again at the end, until it is taken. */
  settle?: boolean;
  /** Tabs and addresses of their own; the same where the same is to be sent to another site. */
  run?: number;
};

/** Every run has tabs and addresses of its own, also where a bench is run again. */
let runs = (Math.floor(Date.now() / 1000) % 100_000) * 100;

/** Has a fleet of tabs send batches of 20 events. */
export async function load(server: Server, { seconds, connections = 32, batches, rate, site = 'bench', blind = false, settle = false, run: number = runs++ }: Options): Promise<Load> {
  const options = ['--at', server.address, '--site', site, '--seconds', String(seconds), '--connections', String(connections), '--run', String(number)];
  if (batches !== undefined) options.push('--batches', String(batches));
  if (rate !== undefined) options.push('--rate', String(rate));
  if (blind) options.push('--blind');
  if (settle) options.push('--settle');
  const before = server.cpuMs();
  const said: Said = JSON.parse((await run(program, options)).stdout);
  return { ...said, cpuUs: ((server.cpuMs() - before) * 1000) / said.answered };
}
