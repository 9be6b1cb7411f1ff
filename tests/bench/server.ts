// The built collector under `workerd serve`, with its objects' storage on the local disk.

import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build, collectorConfig, text } from '../../scripts/workerd-config.ts';
import { Workerd } from '../support/workerd.ts';

export { build };
export const root = path.resolve(import.meta.dirname, '../..');
export const adminKey = 'a key for the bench';

/** A Worker of one module, for comparison; where it has storage, it has objects of one class, too: `Shard`. */
function scriptConfig(script: string, storage: string | undefined): string {
  const disk = storage === undefined ? '' : `, (name = "storage", disk = (path = ${text(storage)}, writable = true))`;
  const objects = storage === undefined ? '' : `
  bindings = [(name = "SHARD", durableObjectNamespace = "Shard")],
  durableObjectNamespaces = [(className = "Shard", uniqueKey = "shard", enableSql = true)],
  durableObjectStorage = (localDisk = "storage"),`;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "script", worker = .script)${disk}],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "script")],
);
const script :Workerd.Worker = (
  modules = [(name = "index.js", esModule = ${text(script)})],
  compatibilityDate = "2026-11-01",${objects}
);
`;
}

/** A workerd that serves. */
export class Server {
  readonly #workerd: Workerd;
  /** Where it listens: `127.0.0.1:1234`. */
  readonly address: string;

  private constructor(workerd: Workerd) {
    this.#workerd = workerd;
    this.address = `127.0.0.1:${workerd.ports['http']}`;
  }

  /** Serves the collector; `folder` keeps the configuration and the objects' storage. */
  static async collector(folder: string, sites: object): Promise<Server> {
    const storage = path.join(folder, 'storage');
    mkdirSync(storage, { recursive: true });
    const bindings = { SITES: sites, PASSERBY_ADMIN_KEY: adminKey };
    const config = collectorConfig({ folder, storage, address: '127.0.0.1:0', bindings });
    return new Server(await Workerd.start(path.join(folder, 'collector.capnp'), config));
  }

  /** Serves a Worker of one module; with `objects` it has some, and `folder` keeps their storage. */
  static async script(folder: string, script: string, objects: boolean): Promise<Server> {
    const storage = path.join(folder, 'storage');
    mkdirSync(storage, { recursive: true });
    return new Server(await Workerd.start(path.join(folder, 'script.capnp'), scriptConfig(script, objects ? storage : undefined)));
  }

  /** Serves a Worker that does nothing, for comparison. */
  static empty(folder: string): Promise<Server> {
    return Server.script(folder, 'export default { fetch() { return new Response() } }', false);
  }

  /** Milliseconds from its start until it listened. */
  get startedMs(): number {
    return this.#workerd.startedMs;
  }

  stop(): Promise<void> {
    return this.#workerd.end();
  }

  /** Its resident memory in bytes. */
  memory(): number {
    const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.#workerd.process.pid}/status`, 'utf8'))?.[1];
    return Number(kib) * 1024;
  }

  /** Milliseconds that its threads have computed so far, which other programs on the machine hardly touch. */
  cpuMs(): number {
    const tasks = `/proc/${this.#workerd.process.pid}/task`;
    const nanoseconds = readdirSync(tasks).map((task) => Number(readFileSync(path.join(tasks, task, 'schedstat'), 'utf8').split(' ')[0]));
    return nanoseconds.reduce((sum, time) => sum + time) / 1e6;
  }

  /** Asks something that must be answered well: the answer, and how long it took. */
  async ask(route: string, body?: object, headers: Record<string, string> = {}): Promise<{ json: any; ms: number }> {
    const start = performance.now();
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`http://${this.address}${route}`, { ...init, headers: { authorization: `Bearer ${adminKey}`, ...headers } });
    const said = await response.text();
    const ms = performance.now() - start;
    if (!response.ok) throw new Error(`${route}: ${response.status} ${said}`);
    return { json: JSON.parse(said), ms };
  }
}
