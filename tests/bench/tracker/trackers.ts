// The trackers that are compared: each set up as its documentation has it for a page view at load and events by hand,
// told only where the collector is. A page's own `track(name)` is an event in each of them.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import type { Exchange } from '../../support/faulty-proxy.ts';
import { root } from '../../support/collector.ts';

export type Sent = { name: string; id?: string };

export type Tracker = {
  name: string;
  /** With the package's version. */
  version: string;
  /** What a page loads, by the name under which it is served. */
  files: Record<string, Buffer>;
  /** Where it is put into a page. `intervalMs` is for those that wait, where a bench cannot. */
  head(site: string, collector: string, intervalMs?: number, persist?: boolean): string;
  /** What a page's `track` calls. */
  track: string;
  /** The page's own events in a request. Our own are counted by the collector. */
  decode?(exchange: Exchange): Sent[];
};

const here = import.meta.dirname;
const versionOf = (name: string): string => JSON.parse(readFileSync(path.join(here, 'node_modules', name, 'package.json'), 'utf8')).version;

/** What somebody who installs the package has on the page: bundled and minified. */
async function bundled(contents: string): Promise<Buffer> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: here },
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2020',
    legalComments: 'none',
    write: false,
  });
  return Buffer.from(outputFiles[0]!.contents);
}

const ours = (): Tracker => {
  const dist = path.join(root, 'npm-package/dist');
  const { version } = JSON.parse(readFileSync(path.join(root, 'npm-package/package.json'), 'utf8'));
  return {
    name: 'passerby',
    version,
    files: Object.fromEntries(['p.js', 'core.js', 'core.wasm'].map((file) => [file, readFileSync(path.join(dist, file))])),
    head: (site, collector, intervalMs, persist) =>
      `<script defer src="/p.js" data-site="${site}" data-endpoint="${collector}/e"${intervalMs ? ` data-interval="${intervalMs}"` : ''}${persist ? ' data-persist' : ''}></script>`,
    track: 'passerby.track(name)',
  };
};

/** A peer in one file, which finds the collector's address in the page. */
const inOneFile = (name: string, version: string, file: Buffer, track: string, decode: Tracker['decode']): Tracker => ({
  name,
  version,
  files: { [`${name}.js`]: file },
  head: (_site, collector) => `<script>collector = '${collector}'</script><script defer src="/${name}.js"></script>`,
  track,
  decode: decode!,
});

const json = (body: Buffer): any => JSON.parse(body.toString());

async function plausible(): Promise<Tracker> {
  const file = await bundled(`
    import { init, track } from '@plausible-analytics/tracker';
    init({ domain: 'bench.example', endpoint: collector + '/api/event', captureOnLocalhost: true });
    window.plausible_track = track;`);
  return inOneFile('plausible', versionOf('@plausible-analytics/tracker'), file, 'plausible_track(name)', ({ url, body }) =>
    url === '/api/event' && json(body).n !== 'pageview' && json(body).n !== 'engagement' ? [{ name: json(body).n }] : [],
  );
}

async function snowplow(): Promise<Tracker> {
  const file = await bundled(`
    import { newTracker, trackPageView, trackStructEvent } from '@snowplow/browser-tracker';
    newTracker('sp', collector, { appId: 'bench' });
    trackPageView();
    window.snowplow_track = (action) => trackStructEvent({ category: 'bench', action });`);
  return inOneFile('snowplow', versionOf('@snowplow/browser-tracker'), file, 'snowplow_track(name)', ({ url, body }) =>
    url.endsWith('/tp2') ? json(body).data.filter(({ e }: any) => e === 'se').map(({ se_ac, eid }: any) => ({ name: se_ac, id: eid })) : [],
  );
}

async function posthog(): Promise<Tracker> {
  const file = await bundled(`
    import posthog from 'posthog-js';
    posthog.init('phc_bench', { api_host: collector, defaults: '2025-05-24' });
    window.posthog_track = (name) => posthog.capture(name);`);
  const text = (body: Buffer) => {
    if (body[0] === 0x1f && body[1] === 0x8b) return gunzipSync(body).toString();
    const form = new URLSearchParams(body.toString()).get('data');
    return form === null ? body.toString() : Buffer.from(form, 'base64').toString();
  };
  return inOneFile('posthog', versionOf('posthog-js'), file, 'posthog_track(name)', ({ method, url, body }) => {
    if (method !== 'POST' || !/^\/(e|i\/v0\/e)\//.test(url)) return [];
    const sent = JSON.parse(text(body));
    return [sent.batch ?? sent].flat().filter(({ event }) => !event.startsWith('$')).map(({ event, uuid }) => ({ name: event, id: uuid }));
  });
}

/** The package is the whole server, of which only the script's source is wanted, so it is not installed. */
async function umami(): Promise<Tracker> {
  const version: string = JSON.parse(readFileSync(path.join(here, 'package.json'), 'utf8')).packed.umami;
  const folder = path.join(here, 'node_modules/.packed');
  mkdirSync(folder, { recursive: true });
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--prefer-offline', `umami@${version}`], { cwd: folder, encoding: 'utf8' }));
  const source = execFileSync('tar', ['-xzOf', filename, 'package/src/tracker/index.js'], { cwd: folder, encoding: 'utf8' });
  const { code } = await transform(source, { minify: true });
  return {
    ...inOneFile('umami', version, Buffer.from(code), 'umami.track(name)', ({ url, body }) => {
      const { name } = url === '/api/send' ? json(body).payload : {};
      return name ? [{ name }] : [];
    }),
    head: (_site, collector) => `<script defer src="/umami.js" data-website-id="bench" data-host-url="${collector}"></script>`,
  };
}

export const allTrackers = (): Promise<Tracker[]> => Promise.all([ours(), plausible(), umami(), snowplow(), posthog()]);
