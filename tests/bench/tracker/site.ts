// The page that all trackers are measured on, and the collector that the peers talk to.

import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type Collector } from '../../support/collector.ts';
import { FaultyProxy } from '../../support/faulty-proxy.ts';
import { Pages } from '../../support/pages.ts';
import type { Tracker } from './trackers.ts';

/** A card of ten elements, nested as pages nest them. */
const card = (place: number) =>
  `<article class="card"><div><h2><span>Card ${place}</span></h2><ul><li>One</li><li>Two</li></ul><p>Some <b>text</b></p></div><button>Buy</button></article>`;

const ELEMENTS = 5_000;
const CARDS = `<main>${Array.from({ length: ELEMENTS / 10 }, (_, place) => card(place)).join('')}</main>`;

const STYLE = '<style>main{display:grid;grid-template-columns:repeat(10,1fr)}button:active{color:red}.card:hover{background:#eee}</style>';

/** No page of a program: some trackers send nothing from one. */
const AS_A_PERSON = "<script>Object.defineProperty(navigator, 'webdriver', { value: false })</script>";

/** What lets the page's clock tick every 5 µs and not every 100; and still it may load scripts from elsewhere. */
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'credentialless' };

export class Site {
  readonly pages: Pages;
  readonly #stub: Server;
  readonly #collector: Collector;

  private constructor(pages: Pages, stub: Server, collector: Collector) {
    [this.pages, this.#stub, this.#collector] = [pages, stub, collector];
  }

  static async start(trackers: Tracker[], collector: Collector): Promise<Site> {
    const files = Object.assign({}, ...trackers.map((tracker) => tracker.files)) as Record<string, Buffer>;
    const pages = await Pages.start(({ pathname, searchParams }) => {
      if (pathname === '/away') return '<!doctype html><title>Away</title>';
      if (pathname !== '/') return files[pathname.slice(1)];
      const tracker = trackers.find(({ name }) => name === searchParams.get('tracker'));
      const [site, proxy, interval, persist] = ['site', 'collector', 'interval', 'persist'].map((name) => searchParams.get(name) ?? '');
      const head = tracker ? tracker.head(site!, proxy!, Number(interval), persist === 'true') : '';
      return `<!doctype html><html lang="en"><title>Bench</title>${STYLE}${AS_A_PERSON}
        <script>const track = (name) => ${tracker?.track ?? '0'}</script>${head}<body>${CARDS}`;
    }, ISOLATED);
    const stub = createServer((request, response) => {
      // Any page may send anything, with cookies too; it answers as a new project of PostHog's without extras does.
      const headers = {
        'access-control-allow-origin': request.headers.origin ?? '*',
        'access-control-allow-credentials': 'true',
        'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '',
        'access-control-max-age': '600',
        'content-type': request.url?.includes('.js') ? 'text/javascript' : 'application/json',
      };
      request.resume().on('end', () => response.writeHead(200, headers).end(answerTo(request.url ?? '')));
    }).listen(0, '127.0.0.1');
    await once(stub, 'listening');
    return new Site(pages, stub, collector);
  }

  /** A proxy in front of what the tracker talks to. */
  proxyFor({ decode }: Tracker): Promise<FaultyProxy> {
    return FaultyProxy.start(decode ? `http://127.0.0.1:${(this.#stub.address() as AddressInfo).port}` : this.#collector.url);
  }

  /** The page's address; without a tracker the page alone. */
  path(tracker?: Tracker, proxy?: FaultyProxy, site = 'bench', intervalMs = 0, persist = false): string {
    const query = { tracker: tracker?.name ?? '', collector: proxy?.url ?? '', site, interval: `${intervalMs}`, persist: `${persist}` };
    return `/?${new URLSearchParams(query)}`;
  }

  async stop(): Promise<void> {
    this.#stub.close();
    this.#stub.closeAllConnections();
    await this.pages.stop();
  }
}

const NO_EXTRAS = { supportedCompression: ['gzip', 'gzip-js'], sessionRecording: false, surveys: false, heatmaps: false, capturePerformance: false };

function answerTo(url: string): string {
  if (url.includes('/config.js')) return `window._POSTHOG_REMOTE_CONFIG = { phc_bench: { config: ${JSON.stringify(NO_EXTRAS)}, siteApps: [] } }`;
  if (url.includes('/flags') || url.includes('/config')) return JSON.stringify({ ...NO_EXTRAS, flags: {}, featureFlags: {} });
  return url.includes('.js') ? '' : '{"status":1}';
}
