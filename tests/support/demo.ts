// The demo as `make demo` serves it: wrangler dev with its storage on disk, on a port and in a folder of the test's own.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { adminKey, root, untilMidnightIsFar } from './collector.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Longest time that wrangler may take to serve: it looks whether there is something to build first. */
const START_MS = 120_000;

export class Demo {
  readonly url: string;
  readonly #port: number;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'passerby-demo-'));
  #process: ChildProcess | undefined;

  private constructor(port: number) {
    this.#port = port;
    this.url = `http://localhost:${port}`;
  }

  static async start(): Promise<Demo> {
    const demo = new Demo(await freePort());
    writeFileSync(path.join(demo.#folder, 'secrets'), `PASSERBY_ADMIN_KEY="${adminKey}"\n`);
    await untilMidnightIsFar();
    await demo.resume();
    return demo;
  }

  /** Starts it, again on the same storage. Ready when it answers. */
  async resume(): Promise<void> {
    const args = ['dev', '--port', `${this.#port}`, '--inspector-port', '0', '--show-interactive-dev-session=false'];
    args.push('--persist-to', path.join(this.#folder, 'state'), '--env-file', path.join(this.#folder, 'secrets'));
    // A group of its own, so that all of it can be killed at once.
    const child = spawn(path.join(root, 'node_modules/.bin/wrangler'), args, {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, CI: 'true', CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
    this.#process = child;
    for (const deadline = Date.now() + START_MS; ; ) {
      if (child.exitCode !== null) throw new Error(`wrangler dev ended:\n${output}`);
      if (Date.now() > deadline) throw new Error(`wrangler dev does not answer:\n${output}`);
      const answer = await fetch(`${this.url}/demo/`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Ends it at once: no handler runs, nothing that is only in memory survives. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** An authorised read. */
  async read(route: string): Promise<any> {
    const answer = await fetch(`${this.url}${route}`, { headers: { authorization: `Bearer ${adminKey}` } });
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    return answer.json();
  }

  /** The numbers of the demo shop. The last seven days: a test may run across midnight. */
  async aggregate(metrics: string, filters = ''): Promise<Record<string, number>> {
    const query = `site_id=demo&period=7d&metrics=${metrics}&filters=${encodeURIComponent(filters)}`;
    const { results } = await this.read(`/api/v1/stats/aggregate?${query}`);
    return Object.fromEntries(Object.entries<{ value: number }>(results).map(([name, { value }]) => [name, value]));
  }

  async breakdown(property: string, metrics: string): Promise<Record<string, number>[]> {
    const query = `site_id=demo&period=7d&property=${property}&metrics=${metrics}`;
    return (await this.read(`/api/v1/stats/breakdown?${query}`)).results;
  }
}
