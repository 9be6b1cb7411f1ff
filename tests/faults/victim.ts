// The collector as workerd serves it from the local disk, to be killed and started again; beside it a Worker that does to its
// objects what the platform does: makes them vanish, and fires their alarms.

import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { collectorConfig, objects, text as quoted } from '../../scripts/workerd-config.ts';
import { adminKey, type SiteSettings } from '../support/collector.ts';
import { message } from '../support/objects.ts';
import { Workerd } from '../support/workerd.ts';

const FATE = `import unsafe from 'workerd:unsafe';
export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === '/evict') {
      await unsafe.abortAllDurableObjects();
      return new Response();
    }
    // What an alarm does, twice at once: an alarm is fired again where the platform is not sure that it was.
    const body = new Uint8Array(await request.arrayBuffer());
    const tidy = () => env.SHARD.getByName(url.searchParams.get('shard')).fetch('https://shard.invalid/tidy', { method: 'POST', body });
    const answers = await Promise.all([tidy(), tidy()]);
    return new Response(answers.map(({ status }) => status).join());
  },
};`;

const beside = {
  services: ['(name = "fate", worker = .fate)'],
  sockets: ['(name = "fate", address = "127.0.0.1:0", http = (), service = "fate")'],
  constants: `const fate :Workerd.Worker = (
  modules = [(name = "fate.js", esModule = ${quoted(FATE)})],
  compatibilityDate = "2026-11-01",
  compatibilityFlags = ["unsafe_module"],
  bindings = [(name = "SHARD", durableObjectNamespace = (className = ${quoted(objects()['SHARD'] as string)}, serviceName = "collector"))],
);
`,
};

export class Victim {
  readonly #folder: string;
  readonly #sites: Record<string, SiteSettings>;
  #workerd: Workerd | undefined;
  #port = 0;
  /** What it printed last. */
  readonly log: string[] = [];

  private constructor(folder: string, sites: Record<string, SiteSettings>) {
    this.#folder = folder;
    this.#sites = sites;
  }

  /** Keeps its configuration and storage in `folder`. */
  static async start(folder: string, sites: Record<string, SiteSettings>): Promise<Victim> {
    const victim = new Victim(folder, sites);
    await victim.start();
    return victim;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts it again, at the same address. */
  async start(): Promise<void> {
    const [folder, storage] = [this.#folder, path.join(this.#folder, 'storage')];
    mkdirSync(storage, { recursive: true });
    const bindings = { SITES: this.#sites, PASSERBY_ADMIN_KEY: adminKey };
    const config = collectorConfig({ folder, storage, address: `127.0.0.1:${this.#port}`, bindings, beside });
    this.#workerd = await Workerd.start(path.join(folder, 'collector.capnp'), config, ['http', 'fate'], (text) => {
      this.log.push(...text.split('\n').filter(Boolean));
      this.log.splice(0, this.log.length - 200);
    });
    this.#port = this.#workerd.ports['http'] as number;
  }

  /** Without any warning. */
  async kill(): Promise<void> {
    await this.#workerd?.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#workerd?.end();
  }

  /** Makes all objects vanish, with what they have in memory and under way. */
  evict(): Promise<string> {
    return this.#fate('/evict', new Uint8Array());
  }

  /** Fires a shard's alarm twice. */
  alarmTwice(site: string, shard: number): Promise<string> {
    const bits = Math.log2(this.#sites[site]?.shards ?? 1);
    return this.#fate(`/alarm?shard=${encodeURIComponent(`${site}/${bits}/${shard}`)}`, message(Date.now()));
  }

  async #fate(route: string, body: Uint8Array): Promise<string> {
    // On a connection of its own: one that is kept may be closed by the time that it is used again.
    const asked = request(`http://127.0.0.1:${this.#workerd?.ports['fate']}${route}`, { method: 'POST', agent: false }).end(body);
    const [said] = (await once(asked, 'response')) as [IncomingMessage];
    const answer = await text(said);
    if (said.statusCode !== 200) throw new Error(`${route}: ${said.statusCode}`);
    return answer;
  }

  /** An authorised read. */
  async read(route: string): Promise<any> {
    const response = await fetch(this.url + route, { headers: { authorization: `Bearer ${adminKey}` } });
    const said = await response.text();
    if (!response.ok) throw new Error(`${route}: ${response.status} ${said}`);
    return JSON.parse(said);
  }
}
