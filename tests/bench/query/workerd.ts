// The built collector under `workerd serve`, with its objects' storage on the local disk.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';

export const root = path.resolve(import.meta.dirname, '../../..');
export const build = path.join(root, 'edge-collector/build');
export const adminKey = 'a key for the bench';

const text = (value: string) => JSON.stringify(value);

/** workerd's configuration: the bindings that wrangler.toml gives the collector. */
function collectorConfig(folder: string, storage: string, sites: object): string {
  // An absolute path would be looked for among workerd's own files.
  const file = (name: string) => text(path.relative(folder, path.join(build, name)));
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "collector", worker = .collector), (name = "storage", disk = (path = ${text(storage)}, writable = true))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "collector")],
);
const collector :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed ${file('index.js')}),
    (name = "./index_bg.wasm", wasm = embed ${file('index_bg.wasm')}),
  ],
  compatibilityDate = "2026-11-01",
  bindings = [
    (name = "SITES", json = ${text(JSON.stringify(sites))}),
    (name = "PASSERBY_ADMIN_KEY", text = ${text(adminKey)}),
    (name = "SHARD", durableObjectNamespace = "Shard"),
    (name = "SITE", durableObjectNamespace = "Site"),
  ],
  durableObjectNamespaces = [
    (className = "Shard", uniqueKey = "shard", enableSql = true),
    (className = "Site", uniqueKey = "site", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "storage"),
);
`;
}

/** A Worker that does nothing, for comparison. */
const emptyConfig = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "empty", worker = .empty)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "empty")],
);
const empty :Workerd.Worker = (
  modules = [(name = "index.js", esModule = "export default { fetch() { return new Response() } }")],
  compatibilityDate = "2026-11-01",
);
`;

/** A workerd that serves. */
export class Server {
  readonly #process: ChildProcess;
  readonly #url: string;
  /** Milliseconds from its start until it listened. */
  readonly startedMs: number;

  private constructor(child: ChildProcess, url: string, startedMs: number) {
    this.#process = child;
    this.#url = url;
    this.startedMs = startedMs;
  }

  /** Serves the collector; `folder` keeps the configuration and the objects' storage. */
  static collector(folder: string, sites: object): Promise<Server> {
    const storage = path.join(folder, 'storage');
    mkdirSync(storage, { recursive: true });
    return Server.#start(path.join(folder, 'collector.capnp'), collectorConfig(folder, storage, sites));
  }

  static empty(folder: string): Promise<Server> {
    return Server.#start(path.join(folder, 'empty.capnp'), emptyConfig);
  }

  static async #start(file: string, config: string): Promise<Server> {
    writeFileSync(file, config);
    const start = performance.now();
    const workerd = path.join(root, 'node_modules/.bin/workerd');
    const child = spawn(workerd, ['serve', '--experimental', '--control-fd=3', file], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
    // It says on which port it listens, on a line of JSON.
    const port = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`workerd ended with ${code}`)));
      let said = '';
      (child.stdio[3] as Readable).on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const listens = /"event":"listen".*"port":(\d+)/.exec(said);
        if (listens) resolve(Number(listens[1]));
      });
    });
    return new Server(child, `http://127.0.0.1:${port}`, performance.now() - start);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await ended;
  }

  /** Its resident memory in bytes. */
  memory(): number {
    const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.#process.pid}/status`, 'utf8'))?.[1];
    return Number(kib) * 1024;
  }

  /** Milliseconds that its threads have computed so far, which other programs on the machine hardly touch. */
  cpuMs(): number {
    const tasks = `/proc/${this.#process.pid}/task`;
    const nanoseconds = readdirSync(tasks).map((task) => Number(readFileSync(path.join(tasks, task, 'schedstat'), 'utf8').split(' ')[0]));
    return nanoseconds.reduce((sum, time) => sum + time) / 1e6;
  }

  /** Asks something that must be answered well: the answer, and how long it took. */
  async ask(route: string, body?: object, headers: Record<string, string> = {}): Promise<{ json: any; ms: number }> {
    const start = performance.now();
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(this.#url + route, { ...init, headers: { authorization: `Bearer ${adminKey}`, ...headers } });
    const said = await response.text();
    const ms = performance.now() - start;
    if (!response.ok) throw new Error(`${route}: ${response.status} ${said}`);
    return { json: JSON.parse(said), ms };
  }
}
