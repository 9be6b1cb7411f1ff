// The built collector under `workerd serve`, with its objects' storage on the local disk.

import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build, collectorConfig } from '../../../scripts/workerd-config.ts';
import { Workerd } from '../../support/workerd.ts';

export { build };
export const root = path.resolve(import.meta.dirname, '../../..');
export const adminKey = 'a key for the bench';

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
  readonly #workerd: Workerd;
  readonly #url: string;

  private constructor(workerd: Workerd) {
    this.#workerd = workerd;
    this.#url = `http://127.0.0.1:${workerd.ports['http']}`;
  }

  /** Serves the collector; `folder` keeps the configuration and the objects' storage. */
  static async collector(folder: string, sites: object): Promise<Server> {
    const storage = path.join(folder, 'storage');
    mkdirSync(storage, { recursive: true });
    const bindings = { SITES: sites, PASSERBY_ADMIN_KEY: adminKey };
    const config = collectorConfig({ folder, storage, address: '127.0.0.1:0', bindings });
    return new Server(await Workerd.start(path.join(folder, 'collector.capnp'), config));
  }

  static async empty(folder: string): Promise<Server> {
    return new Server(await Workerd.start(path.join(folder, 'empty.capnp'), emptyConfig));
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
    const response = await fetch(this.#url + route, { ...init, headers: { authorization: `Bearer ${adminKey}`, ...headers } });
    const said = await response.text();
    const ms = performance.now() - start;
    if (!response.ok) throw new Error(`${route}: ${response.status} ${said}`);
    return { json: JSON.parse(said), ms };
  }
}
