// Pages with the tracker on them, as it is built, visited by real Chromium, and what reaches their collector.

import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launch } from './chromium.ts';
import { root } from './collector.ts';
import { Decoder } from './decode.ts';

/** An event that reached the collector: its kind, its fields, its number in the tab, and when it happened. */
export type Told = { kind: string; number: number; tab: string; at: number } & Record<string, any>;

/** What a test says of its page. */
export type Html = { body?: string; head?: string; attributes?: string };

/** A reply in the compact form: buffer for a minute, no ticket, one event accepted, none duplicate or refused. */
const REPLY = Buffer.from([1, 0xe0, 0xd4, 0x03, 0, 1, 0, 0]);

/** The name of the event by which the visit says that all before it must have been said. */
const END = 'end of the page';

/** The web server of all visits, which is their collector too. */
export class Pages {
  readonly url: string;
  readonly told = new Map<string, Told[]>();
  readonly arrived = new EventEmitter().setMaxListeners(0);
  readonly html = new Map<string, string>();
  /** Answers requests for these paths in the server's place. */
  readonly routes = new Map<string, (response: ServerResponse) => void>();
  /** The paths that were asked for. */
  readonly asked: string[] = [];
  readonly #decoder = new Decoder();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => {
      const { pathname } = new URL(request.url!, this.url);
      this.asked.push(pathname);
      this.arrived.emit('asked');
      const route = this.routes.get(pathname);
      if (route) return route(response);
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
        if (pathname === '/e') {
          response.end(REPLY);
          void this.#take(Buffer.concat(chunks));
          return;
        }
        const isScript = /^\/(p|core)\.(js|wasm)$/.test(pathname);
        response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
        response.end(isScript ? readFileSync(path.join(root, 'npm-package/dist', pathname)) : (this.html.get(pathname) ?? '<!doctype html><p>Elsewhere'));
      });
    });
  }

  static async start(): Promise<Pages> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Pages(server);
  }

  async #take(body: Buffer): Promise<void> {
    const batch = await this.#decoder.decode(body);
    const told = this.told.get(batch.site) ?? [];
    this.told.set(batch.site, told);
    let at = 0;
    batch.events.forEach((event, index) => {
      const { after_ms, ...kinds } = event;
      at += after_ms;
      const [[kind, fields]] = Object.entries(kinds) as [[string, any]];
      const number = batch.first + index;
      if (!told.some((other) => other.tab === batch.tab && other.number === number)) {
        told.push({ ...(Array.isArray(fields) ? { size: fields } : fields), kind, number, tab: batch.tab, at });
      }
    });
    told.sort((a, b) => a.number - b.number);
    this.arrived.emit(batch.site);
  }

  /** Opens a page at `at`, and waits for the tracker's core. */
  async visit(browser: Browser | BrowserContext, html: Html = {}, at = '/'): Promise<Visit> {
    const visit = new Visit(this, `visit-${this.told.size}`, await browser.newPage());
    this.told.set(visit.site, []);
    visit.write(at.split(/[?#]/)[0]!, html);
    await visit.goto(at);
    return visit;
  }

  /** Until it holds, which may be after something has arrived for a site, or something was `asked` for. */
  async until(what: string, holds: () => boolean): Promise<void> {
    while (!holds()) await once(this.arrived, what);
  }

  stop(): void {
    this.#decoder.stop();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** One visitor's way over pages. */
export class Visit {
  readonly pages: Pages;
  readonly site: string;
  readonly page: Page;
  readonly errors: Error[] = [];
  readonly #ready: Promise<unknown>;

  constructor(pages: Pages, site: string, page: Page) {
    this.pages = pages;
    this.site = site;
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(error));
    // After the tracker's own listener, which is called first when the page is left, and before its second one.
    this.#ready = page.addInitScript((name) => {
      addEventListener('pagehide', () => (window as any).passerby?.track(name));
    }, END);
  }

  /** Puts a page on the server. */
  write(at: string, { body = '', head = '', attributes = '' }: Html): void {
    const tag = `<script defer src="/p.js" data-site="${this.site}" ${attributes}></script>`;
    this.pages.html.set(at, `<!doctype html><html><head><title>A page</title>${head}${tag}</head><body>${body}</body></html>`);
  }

  /** Opens a page, and waits until the tracker's core watches it: then the first batch goes out. */
  async goto(at: string): Promise<void> {
    await this.#ready;
    const count = this.told('pageview').length;
    await this.page.goto(this.pages.url + at);
    await this.until(() => this.told('pageview').length > count);
  }

  until(holds: () => boolean): Promise<void> {
    return this.pages.until(this.site, holds);
  }

  /** What has arrived, of one kind or all. */
  told(kind?: string): Told[] {
    return this.pages.told.get(this.site)!.filter((told) => !kind || told.kind === kind);
  }

  /** Has the page send what it has, and waits until so many events of a kind have arrived. */
  async flushed(kind: string, count = 1): Promise<Told[]> {
    await this.page.evaluate('passerby.flush()');
    await this.until(() => this.told(kind).length >= count);
    return this.told(kind);
  }

  /** Leaves the page as a visitor does, by going elsewhere, and gives all that the page has said. */
  async leave(): Promise<Told[]> {
    const ends = () => this.told('custom').filter(({ name }) => name === END);
    const count = ends().length;
    // By the page itself: Playwright would fail where the page is going somewhere already.
    await this.page.evaluate(() => void (location.href = '/elsewhere'));
    await this.until(() => {
      const last = ends()[count];
      return last !== undefined && this.told().filter(({ tab }) => tab === last.tab).length > last.number;
    });
    await this.page.waitForURL('**/elsewhere');
    assert.deepEqual(this.errors, []);
    return this.told().filter(({ name }) => name !== END);
  }

  /** The same, and closes the page. */
  async end(): Promise<Told[]> {
    const told = await this.leave();
    await this.page.close();
    return told;
  }
}

/** Starts pages and browser for a test file, and ends them. */
export const suite = (without: string[] = []): { pages: Pages; browser: Browser } => {
  const started = {} as { pages: Pages; browser: Browser };
  before(async () => {
    [started.pages, started.browser] = await Promise.all([Pages.start(), launch(without)]);
  });
  after(async () => {
    await started.browser?.close();
    started.pages?.stop();
  });
  return started;
};

/** How many events of a kind there are, and so on for all. */
export const counts = (told: Told[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { kind } of told) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};
