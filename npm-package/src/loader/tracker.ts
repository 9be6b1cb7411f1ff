/** One tracker: every event goes through here, by the visitor's wishes and the site's hook, to whoever delivers it. */

import type { Host, Settings, Taker } from '../../../sdk-wasm/src/core.ts';
import { makeAlone } from './alone.ts';
import { CALLS, type Calls, type Kind } from './calls.ts';
import type { Begin } from './core.ts';
import { stillScroll, watchEngagement } from './engagement.ts';
import { watchPages } from './pages.ts';
import { eraseId, giveId, optedOut, ownId, setOptedOut, signalsNo } from './wish.ts';

/** What a site can call. */
export type Tracker = Calls & {
  page(): void;
  consent(answer: 'granted' | 'denied'): void;
  optOut(): void;
  optIn(): void;
  flush(): void;
};

/** Longest wait for the page's `load`: an image that never comes must not keep the first page view. */
const LOAD_WITHIN_MS = 5_000;

/** What is kept for the core of what happens on the page: more is a game. */
const MAX_HEARD = 40;

/** `load` is called when the page is idle. */
export const startTracker = (settings: Settings, load: Begin): Tracker => {
  const { before, debug } = settings;
  const refused = settings.dnt !== 'ignore' && signalsNo();
  let off = refused || optedOut();
  /** What nobody has taken yet. */
  let early: Parameters<Taker['take']>[] = [];
  let begun = 0;

  const print = (...what: unknown[]) => {
    if (debug) console.debug('passerby', ...what);
  };
  const fail = (error: unknown) => console.error('passerby: not counted:', error);
  const host: Host = {
    settings,
    path: '',
    heard: [],
    hear: (...what) => void (host.heard.length < MAX_HEARD && host.heard.push(what)),
    scroll: stillScroll,
    report(kind, at = performance.now()) {
      if (!off) taker.take(at, kind, host.path);
    },
    shape: (kind) => kind || undefined,
    passed(kind, path) {
      try {
        let left = host.shape(kind);
        if (left && before) left = host.shape(before(left, path));
        if (left) print('queued', left);
        return left;
      } catch (error) {
        fail(error);
        return undefined;
      }
    },
    alone: () => alone,
  };
  const give = (next: Taker) => {
    for (const entry of early.splice(0)) next.take(...entry);
  };
  /** Keeps what happens for the core, but not when the page is left. */
  const keeper: Taker = {
    take: (...entry) => void early.push(entry),
    // All goes out when the core comes.
    flush() {},
    leave() {
      give(alone);
      alone.flush();
    },
    stop: () => void (early = []),
  };
  let taker = keeper;
  let alone = makeAlone(host);
  const engagement = watchEngagement(host);

  const name = (id: string) => taker.visitor?.(id);
  const begin = async () => {
    const turn = ++begun;
    let next = alone;
    try {
      next = await load(host);
    } catch (error) {
      print('has no core:', error);
    }
    if (turn !== begun) return next.stop();
    taker = next;
    name(settings.consent ? giveId() : ownId());
    give(taker);
    taker.flush();
  };
  /** Begins a tab of its own: what comes is not told to be by whom the tab before was. */
  const renew = () => {
    taker = keeper;
    alone = makeAlone(host);
    begin();
  };
  // Safari has none.
  const whenIdle = () => (window.requestIdleCallback ?? setTimeout)(() => begun || off || begin());

  // What it goes through is known only now.
  const hear = (event: Event) => host.hear(event.type, event, event.composedPath());
  const onLeave = (event: Event) => {
    hear(event);
    engagement.leave();
    (taker.leave ?? taker.flush)();
  };

  const showAgain = watchPages(settings, (page) =>
    engagement.turn(() => {
      host.path = page.path;
      host.report({ pageview: page });
    }),
  );
  for (const type of ['click', 'error']) addEventListener(type, hear, true);
  addEventListener('pagehide', onLeave);
  addEventListener('visibilitychange', (event) => document.hidden && onLeave(event));
  addEventListener('load', whenIdle);
  setTimeout(whenIdle, LOAD_WITHIN_MS);
  if (document.readyState === 'complete') whenIdle();

  const tracker: any = {
    page: showAgain,
    consent(answer: string) {
      const known = ownId();
      if (answer !== 'denied') name(off ? '' : giveId());
      else if (known) {
        settings.consent = '';
        eraseId();
        taker.flush();
        renew();
      }
    },
    optOut() {
      setOptedOut((off = true));
      eraseId();
      begun++;
      for (const one of [keeper, alone, taker]) one.stop();
    },
    optIn() {
      setOptedOut(false);
      if (!off || refused) return;
      off = false;
      renew();
      showAgain();
    },
    flush: () => taker.flush(),
  };
  for (const [method, kindOf] of Object.entries<(...args: any[]) => Kind>(CALLS)) {
    tracker[method] = (...args: unknown[]) => {
      try {
        // As it is now; what is missing is left out.
        host.report(JSON.parse(JSON.stringify(kindOf(...args), (_, value) => value ?? undefined)));
      } catch (error) {
        fail(error);
      }
    };
  }
  return tracker;
};
