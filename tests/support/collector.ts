// The built collector under Miniflare, as wrangler.toml configures it, and what tests ask of it.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { objects } from '../../scripts/workerd-config.ts';
import { message } from './objects.ts';

export const root = path.resolve(import.meta.dirname, '../..');
export const adminKey = 'a key for tests';

/** A browser that every site counts. */
export const browser =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';

export type SiteSettings = {
  hosts?: string[];
  time_zone?: string;
  count_bots?: boolean;
  shards?: number;
  batches_per_minute?: number;
  batches_per_minute_of_address?: number;
  retention_days?: number;
  aliases?: string[];
  server_keys?: string[];
  public?: boolean;
  goals?: Record<string, object>;
  segments?: Record<string, unknown[]>;
  filters?: unknown[];
};

const defaultSites: Record<string, SiteSettings> = {
  'shop.example': { hosts: ['shop.example', '*.shop.example'] },
  'berlin.example': { time_zone: 'Europe/Berlin' },
  'robots.example': { count_bots: true },
  'nowhere.example': { time_zone: 'Europe/Nowhere' },
};

export type Answer = { status: number; headers: Headers; text: string; json: any };

/** A JSON batch with what most tests do not care about filled in. */
export type Batch = { site?: string; tab?: string; first?: number; events: object[]; [field: string]: unknown };

/** A visitor is another one after midnight (UTC), so a test must not run across it. */
export async function untilMidnightIsFar(): Promise<void> {
  const left = 86_400_000 - (Date.now() % 86_400_000);
  if (left < 120_000) await new Promise((resolve) => setTimeout(resolve, left + 1));
}

/** The static files as wrangler serves them. It is large, so it is loaded where they are asked for. */
async function files(): Promise<{ directory: string }> {
  const { unstable_getMiniflareWorkerOptions } = await import('wrangler');
  return unstable_getMiniflareWorkerOptions(path.join(root, 'wrangler.toml')).workerOptions.assets as { directory: string };
}

export class Collector {
  readonly #miniflare: Miniflare;
  /** Where it listens. */
  readonly url: string;

  private constructor(miniflare: Miniflare, url: string) {
    this.#miniflare = miniflare;
    this.url = url;
  }

  /**
   * Starts the built bundle. `persist` is a folder for its storage; without, it is in memory. With `files` it serves what
   * wrangler.toml has it serve, too, as edge-collector/public has it. `bindings` are further variables. `limiter` is what the
   * platform's limiter of addresses lets pass in a minute; without, there is none.
   */
  static async start(options: { persist?: string; sites?: Record<string, SiteSettings>; files?: boolean; bindings?: Record<string, string>; limiter?: number } = {}): Promise<Collector> {
    const build = path.join(root, 'edge-collector/build');
    if (!existsSync(path.join(build, 'index.js'))) throw new Error('build the collector first: make build');
    const miniflare = new Miniflare(convertV4MiniflareOptions({
      name: 'passerby',
      modulesRoot: build,
      modules: [
        { type: 'ESModule', path: path.join(build, 'entry.js') },
        { type: 'ESModule', path: path.join(build, 'index.js') },
        { type: 'CompiledWasm', path: path.join(build, 'index_bg.wasm') },
      ],
      compatibilityDate: '2026-11-01',
      durableObjects: Object.fromEntries(Object.entries(objects()).map(([name, className]) => [name, { className, useSQLite: true }])),
      bindings: { PREFIX: '/x7', SITES: options.sites ?? defaultSites, PASSERBY_ADMIN_KEY: adminKey, ...options.bindings },
      ...(options.limiter === undefined ? {} : { ratelimits: { INGEST_LIMITER: { namespace_id: '1', simple: { limit: options.limiter, period: 60 } } } }),
      cf: false,
      ...(options.files === true ? { assets: await files() } : {}),
      ...(options.persist === undefined ? {} : { resourcePersistencePath: options.persist }),
    }));
    const { origin } = await miniflare.ready;
    await untilMidnightIsFar();
    return new Collector(miniflare, origin);
  }

  stop(): Promise<void> {
    return this.#miniflare.dispose();
  }

  /** `cf` is what the network knows of the client: `{ country: 'KR', city: 'Seoul' }`. */
  async request(url: string, init: { method?: string; headers?: Record<string, string>; body?: string | Uint8Array; cf?: object } = {}): Promise<Answer> {
    const headers = { 'user-agent': browser, 'cf-connecting-ip': '192.0.2.1', ...init.headers };
    const response = await this.#miniflare.dispatchFetch(`http://collector.test${url}`, { ...init, headers } as any);
    const text = await response.text();
    let json;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    return { status: response.status, headers: response.headers as unknown as Headers, text, json };
  }

  post(body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Answer> {
    return this.request('/e', { method: 'POST', body, headers: { 'content-type': 'text/plain', ...headers } });
  }

  send(batch: Batch, headers: Record<string, string> = {}): Promise<Answer> {
    return this.post(JSON.stringify({ site: 'shop.example', tab: '00000000000000a1', ...batch }), headers);
  }

  /** An authorised read. */
  read(url: string): Promise<Answer> {
    return this.request(url, { headers: { authorization: `Bearer ${adminKey}` } });
  }

  /** Has a site's shards do what they do when a day begins, as at `nowMs`. */
  async tidy(site: string, nowMs: number, shards = 1): Promise<void> {
    for (let shard = 0; shard < shards; shard++) await this.tell('SHARD', `${site}/${Math.log2(shards)}/${shard}`, 'tidy', message(nowMs));
  }

  /** Tells an object what only the Worker could. */
  async tell(binding: string, name: string, what: string, body: Uint8Array): Promise<void> {
    const namespace = (await this.#miniflare.getDurableObjectNamespace(binding)) as any;
    const answer = await namespace.getByName(name).fetch(`https://object.invalid/${what}`, { method: 'POST', body });
    if (answer.status !== 200) throw new Error(await answer.text());
  }

  /** Numbers of the last seven days: a test may run across midnight. Where the key has asked all that it may, once it may again. */
  async aggregate(metrics: string, more = '', site = 'shop.example'): Promise<Record<string, number>> {
    const ask = () => this.read(`/api/v1/stats/aggregate?site_id=${site}&period=7d&metrics=${metrics}${more}`);
    let answer = await ask();
    for (; answer.status === 429; answer = await ask()) await aMoment();
    if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text}`);
    const results = Object.entries(answer.json.results as Record<string, { value: number }>);
    return Object.fromEntries(results.map(([name, { value }]) => [name, value]));
  }

  async outcomes(site?: string): Promise<Record<string, number>> {
    const answer = await this.read(`/api/v1/outcomes${site === undefined ? '' : `?site_id=${site}`}`);
    return answer.json.results;
  }
}

/** Before what is not yet counted is asked for again: a key may read 60 times a second. */
export const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

export function pageview(path: string, more: object = {}, afterMs = 0): object {
  return { after_ms: afterMs, pageview: { path, ...more } };
}

export function custom(name: string, afterMs = 0): object {
  return { after_ms: afterMs, custom: { name } };
}
