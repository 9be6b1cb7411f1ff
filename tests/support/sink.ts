// A collector that only writes down what reaches it, for tests of what a page sends. Serves as the site, too: pages by
// their path, and the built tracker.

import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { root } from './collector.ts';
import { type Batch, Decoder } from './decode.ts';

/** An event as it arrived: its kind, its fields. */
export type Arrived = [kind: string, fields: any];

/** A reply in the compact form: buffer for a minute, no ticket, one event accepted, none duplicate or refused. */
const REPLY = Buffer.from([1, 0xe0, 0xd4, 0x03, 0, 1, 0, 0]);

const ignored = ['engagement', 'vital', 'resize'];

export class Sink {
  readonly url: string;
  readonly batches: Batch[] = [];
  /** Of each batch, whether it was JSON. */
  readonly inJson: boolean[] = [];
  /** What the site serves at a path. */
  readonly html = new Map<string, { html: string; headers?: Record<string, string> }>();
  /** Paths that the site has not. */
  readonly missing = new Set<string>();
  readonly #arrived = new EventEmitter().setMaxListeners(0);
  readonly #decoder = new Decoder();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://localhost:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => {
      const { pathname } = new URL(request.url!, this.url);
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk)).on('end', async () => {
        const page = this.html.get(pathname);
        if (pathname.endsWith('/e')) {
          const body = Buffer.concat(chunks);
          response.setHeader('access-control-allow-origin', '*').end(REPLY);
          this.batches.push(await this.#decoder.decode(body));
          this.inJson.push(body[0] === 0x7b);
          this.#arrived.emit('batch');
        } else if (page) {
          for (const [name, value] of Object.entries(page.headers ?? {})) response.setHeader(name, value);
          response.setHeader('content-type', 'text/html; charset=utf-8').end(page.html);
        } else if (/\.(m?js|wasm)$/.test(pathname) && !this.missing.has(pathname)) {
          response.setHeader('content-type', pathname.endsWith('js') ? 'text/javascript' : 'application/wasm');
          response.setHeader('access-control-allow-origin', '*');
          response.end(readFileSync(path.join(root, 'npm-package/dist', path.basename(pathname))));
        } else {
          response.writeHead(404).end();
        }
      });
    });
  }

  static async start(): Promise<Sink> {
    const server = createServer().listen(0);
    await once(server, 'listening');
    return new Sink(server);
  }

  /** What has arrived for a site, in its order; not what a page says of itself. */
  arrived(site: string, also: string[] = []): Arrived[] {
    // Tab and number name an event, however often it comes; tabs in the order of their coming.
    const tabs = new Map<string, Arrived[]>();
    for (const { tab, first, events } of this.batches.filter((batch) => batch.site === site)) {
      const known = tabs.get(tab) ?? [];
      tabs.set(tab, known);
      events.forEach(({ after_ms: _, ...kind }, i) => (known[first + i] = Object.entries(kind)[0] as Arrived));
    }
    const all = [...tabs.values()].flatMap((events) => events.filter(Boolean));
    return all.filter(([kind]) => also.includes(kind) || !ignored.includes(kind));
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await once(this.#arrived, 'batch');
  }

  /** Until so many events have arrived for a site. */
  async count(site: string, count: number, also: string[] = []): Promise<Arrived[]> {
    await this.until(() => this.arrived(site, also).length >= count);
    return this.arrived(site, also);
  }

  stop(): void {
    this.#decoder.stop();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
