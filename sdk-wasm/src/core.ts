// The page's side of the core: watches the page, and carries its events into the core.

import { watchAll } from './capture/all.ts';
import { type Hear, pause } from './capture/watch.ts';
import type { Kind } from '../../npm-package/src/loader/calls.ts';
import { context } from './context.ts';
import { type Shaped, shape } from './contract.ts';
import { forget, mayKeep } from './keep.ts';
import { platform, type Platform } from './platform/page.js';
import { type Core, teller } from './tell.ts';
import type { Keeper, Unsent } from './unsent.ts';
import { DONE, EVENT, FLUSH, LEAVE, ONLINE, START, TITLE, VISITOR, WAKE } from './what.ts';

/** What the site's owner decided, with every default filled in. */
export type Settings = {
  site: string;
  /** Where batches go. */
  endpoint: string;
  /** How long events wait for company, in milliseconds. */
  interval: number;
  debug: boolean;
  /** Query parameters that may be sent. */
  params: string[];
  dnt: string;
  consent: string;
  /** What is unsent outlives the page without consent, too. */
  persist: boolean;
  /** Another query, or another fragment, is another page. */
  query?: boolean;
  hash?: boolean;
  /** Selects what scrolls in the window's place. */
  scroll?: string;
  /** Query parameters that hold what was searched for. */
  search?: string[] | string | boolean;
  /** What is not watched is `false`. */
  clicks?: boolean;
  outbound?: boolean;
  downloads?: boolean;
  forms?: boolean;
  vitals?: boolean;
  errors?: boolean;
  /** May change an event, or drop it by giving nothing. `path` is that of the page that it happened on. */
  before?: (event: Kind, path: string) => Kind | null | undefined | false | void;
};

/** Takes events, until the collector has them. */
export type Taker = {
  /** `path` is that of the page that it happened on. */
  take(at: number, kind: Kind, path: string): void;
  flush(): void;
  /** The page may be about to vanish. The same, where there is nothing else to it. */
  leave?(): void;
  /** The visitor's own id in hex, empty for none. */
  visitor?(id: string): void;
  /** Nothing more is sent. */
  stop(): void;
};

/** What a tracker gives to its core. */
export type Host = {
  settings: Settings;
  /** The path of the newest page view. */
  path: string;
  /** Hears what happens on the page, see watch.ts. Before the core it only keeps it. */
  hear: Hear;
  heard: Parameters<Hear>[];
  /** How far the page was seen, in percent. The core's watches scrolling; until then it is where the page stands now. */
  percent(): number;
  /** Counts an event in the contract's JSON form, if the visitor and the site's hook will have it; now, if not else said. */
  report(kind: Kind, at?: number): void;
  /** What the contract has of an event: with the core here nothing else. */
  shape(kind: Kind | null | undefined | false | void): Kind | undefined;
  /** What of an event passes the site's hook. */
  passed(kind: Kind, path: string): Kind | undefined;
  /** Sends in the JSON form. */
  alone(): Taker;
};

const watched = new WeakSet<Host>();

/** Watches the page for a tracker; once. Until it does, the host keeps what it hears. */
export const watch = async (host: Host): Promise<void> => {
  if (watched.has(host)) return;
  watched.add(host);
  host.shape = (kind) => (kind ? shape(kind)?.kind : undefined);
  host.hear = await watchAll(host);
  await pause();
  for (const what of host.heard) host.hear(...what);
};

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join('');

/** Begins a tab of its own, to buffer and to deliver. */
export const begin = async (instantiate: (platform: Platform) => Promise<Core>, host: Host): Promise<Taker> => {
  const { settings } = host;
  const { screen, language, time_zone } = context();
  const tab = crypto.getRandomValues(new Uint8Array(8));
  /** By number: what nobody has acknowledged. */
  const unsent: Unsent = new Map();
  let next = 0;
  let user = '';
  let keeper: Keeper | undefined;
  let stopped = false;
  let isEarly = !host.path;
  /** The newest page view, while it has no title. */
  let untitled: Kind | undefined;
  const told = {
    wake() {
      entitle();
      tell(WAKE);
    },
    done: (id: number, result: number[]) => tell(DONE, [], [id, ...result]),
  };
  const parts = platform(told, settings);
  const post: Platform['post'] = (...request) => {
    if (!stopped) parts.post(...request);
  };
  const settled: Platform['settled'] = (first, count) => {
    while (count--) unsent.delete(first++);
    keeper?.settled();
  };
  const tell = teller(await instantiate({ ...parts, post, settled }));
  /** As late as can be: applications set the title after the address. */
  const entitle = () => {
    let { title } = document;
    if (!untitled || !title) return;
    // The hook has seen the page view without it.
    if (settings.before) title = host.passed({ pageview: { ...untitled, title } }, host.path)?.['pageview']?.title;
    untitled = undefined;
    tell(TITLE, [title]);
  };

  tell(
    START,
    [settings.site, language, time_zone, host.path],
    [
      ...tab,
      ...crypto.getRandomValues(new Uint32Array(1)),
      settings.interval,
      +navigator.webdriver,
      ...screen,
      innerWidth,
      innerHeight,
    ],
  );
  addEventListener('online', () => tell(ONLINE));
  await pause();
  /** What outlives the page, and what others left: a file of its own, since most pages may not. */
  const keep = async () => {
    if (!mayKeep(settings)) return forget();
    if (keeper) return;
    try {
      // @ts-ignore: built
      const { keepUnsent } = await import('./unsent.js');
      keeper ??= keepUnsent(host, hex(tab), unsent);
    } catch {
      // Without the file, or without storage, all is as without consent to it.
    }
  };

  /** In a task of its own, but when the page is left. */
  const flush = () => {
    entitle();
    tell(FLUSH);
  };

  return {
    take(at, kind, path) {
      const left = host.passed(kind, path);
      const event = left && shape(left);
      if (!event) return;
      if (left['pageview']) {
        // The title still is that of the page before, by now certainly.
        entitle();
        untitled = left['pageview'];
      }
      unsent.set(next++, [at, left, path, user]);
      if (left['identify']) user = left['identify'].user ?? '';
      tell(EVENT, event.texts, event.numbers, at);
      if (!left['pageview']) return;
      host.hear('shown');
      // It came after the core where the page was prerendered: somebody has it before them only now.
      if (isEarly) tell(FLUSH);
      isEarly = false;
    },
    flush: () => void setTimeout(flush),
    leave() {
      entitle();
      tell(LEAVE);
      keeper?.save();
    },
    visitor(id) {
      tell(VISITOR, [], (id.match(/../g) ?? []).map((byte) => parseInt(byte, 16)));
      void keep();
    },
    stop() {
      stopped = true;
      void keep();
    },
  };
};
