// What is unsent outlives its page, with consent or by option: it is written down when the page is left, and the next page of
// the site sends it, under the tab and the numbers that it has, so that the collector counts it once whatever arrived.
//
// In localStorage, since a page that is left has no time for anything but writing at once (IndexedDB answers later, when
// nobody is there any more). As batches in the JSON form, which the next page need only date anew.

import type { Kind } from '../../npm-package/src/loader/calls.ts';
import { context } from './context.ts';
import type { Host, Settings } from './core.ts';
import { KEY, mayKeep } from './keep.ts';

/** Of all pages together. Characters, of which nearly all are of one byte. The oldest pages' go first. */
const MAX_EVENTS = 1_000;
const MAX_CHARS = 256 * 1024;

/** Of one batch: the collector takes 64 KiB, and a character may have three bytes. */
const MAX_BATCH_CHARS = 20_000;

/** The first wait after a failure is up to this long; each failure after it doubles that, up to eight times. */
const BASE_MS = 1_000;

type Batch = { first: number; sent_at_ms: number; page: string; user: string; events: ({ after_ms: number } & Kind)[] };

/** By number: when it happened, what, on which page and as which user. */
export type Unsent = Map<number, [at: number, kind: Kind, page: string, user: string]>;

export type Keeper = {
  /** Writes down what is unsent now, where that is allowed. */
  save(): void;
  /** Something is unsent no longer. */
  settled(): void;
};

const read = (key: string): Batch[] => {
  try {
    return JSON.parse(localStorage[key] || '[]');
  } catch {
    return [];
  }
};

const write = (key: string, batches: Batch[]): void => {
  if (batches.length) localStorage[key] = JSON.stringify(batches);
  else delete localStorage[key];
};

type Print = (...what: unknown[]) => void;

/** All that pages have left, the oldest first. */
const keys = (): string[] =>
  Object.keys(localStorage)
    .filter((key) => key.startsWith(KEY))
    .map((key) => [key, read(key)[0]?.sent_at_ms ?? 0] as const)
    .sort(([, a], [, b]) => a - b)
    .map(([key]) => key);

/** Drops batches, the oldest ones, until the rest is within the bounds. */
const bound = (print: Print): void => {
  let events = 0;
  let chars = 0;
  for (const key of keys().reverse()) {
    const kept = read(key).reverse().filter((batch) => {
      events += batch.events.length;
      chars += JSON.stringify(batch).length;
      const fits = events <= MAX_EVENTS && chars <= MAX_CHARS;
      if (!fits) print('dropped, for too much is unsent:', batch);
      return fits;
    });
    write(key, kept.reverse());
  }
};

/** Runs `call` while no other page does anything with this key; not at all, if one does. */
const alone = async (key: string, call: () => Promise<void>): Promise<void> => {
  // Where pages have no locks, two of them may send the same, which is counted once.
  if (navigator.locks) await navigator.locks.request(key, { ifAvailable: true }, (lock) => (lock ? call() : undefined));
  else await call();
};

/** Until it was sent, or refused for good, or nothing may be kept any more. */
const deliver = async (settings: Settings, batch: Batch): Promise<void> => {
  for (let failures = 0; mayKeep(settings); failures++) {
    // Times count back from the sending.
    const age = Math.max(Date.now() - batch.sent_at_ms, 0);
    batch.sent_at_ms += age;
    batch.events[0]!.after_ms -= age;
    let status = 0;
    let wait = Math.random() * BASE_MS * 2 ** Math.min(failures, 8);
    try {
      const response = await fetch(settings.endpoint, { method: 'POST', body: JSON.stringify(batch), credentials: 'omit' });
      status = response.status;
      wait += 1_000 * +response.headers.get('retry-after')!;
    } catch {}
    if (status && status < 500 && status !== 408 && status !== 429) return;
    await new Promise<unknown>((done) => {
      setTimeout(done, wait);
      addEventListener('online', done, { once: true });
    });
  }
};

/** Sends what other pages have left. */
const takeOver = async (settings: Settings, own: string, print: Print): Promise<void> => {
  for (const key of keys()) {
    if (key === own) continue;
    await alone(key, async () => {
      for (let batches = read(key); batches.length; batches = read(key)) {
        print('sends what another page left:', batches[0]);
        await deliver(settings, batches[0]!);
        write(key, read(key).slice(1));
      }
    });
  }
};

/** Keeps what a tab has not sent, and sends what other pages have left. */
export const keepUnsent = (host: Host, tab: string, unsent: Unsent): Keeper => {
  const { site, debug } = host.settings;
  const own = KEY + tab;
  const print: Print = (...what) => {
    if (debug) console.debug('passerby', ...what);
  };
  let written = false;
  let release = () => {};

  const batches = (): Batch[] => {
    const all: Batch[] = [];
    let end = -1;
    let before = 0;
    let chars = 0;
    for (const [number, [at, kind, page, user]] of [...unsent].sort(([a], [b]) => a - b)) {
      if (number !== end || chars > MAX_BATCH_CHARS) {
        before = performance.now();
        chars = 0;
        all.push({
          site,
          tab,
          first: number,
          sent_at_ms: Date.now(),
          automated: navigator.webdriver,
          visitor: localStorage['passerby.id'],
          user,
          page,
          viewport: [innerWidth, innerHeight],
          context: context(),
          events: [],
        } as Batch);
      }
      const after_ms = Math.round(at - before);
      before += after_ms;
      end = number + 1;
      chars += JSON.stringify(kind).length;
      all.at(-1)!.events.push({ after_ms, ...kind });
    }
    return all;
  };
  const save = () => {
    try {
      written = unsent.size > 0 && mayKeep(host.settings);
      write(own, written ? batches() : []);
      if (written) bound(print);
    } catch (error) {
      print('cannot keep what is unsent:', error);
    }
  };
  /** While this page lives, no other takes what it has written. A page with a lock could not be kept for going back. */
  const hold = () => {
    navigator.locks?.request(own, () => new Promise<void>((done) => (release = done))).catch(() => {});
  };

  hold();
  addEventListener('pagehide', () => release());
  addEventListener('pageshow', ({ persisted }) => persisted && hold());
  // Where a page may have no storage or no locks, others' are left alone.
  takeOver(host.settings, own, print).catch((error) => print('takes nothing over:', error));
  return { save, settled: () => written && save() };
};
