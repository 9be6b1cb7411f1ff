/** One tracker: every event goes through here, by the visitor's wishes and the site's hook, to whoever delivers it. */

import type { Host, Settings, Taker } from '../../../sdk-wasm/src/core.ts';
import { makeAlone } from './alone.ts';
import { CALLS, type Calls, type Kind } from './calls.ts';
import type { Begin } from './core.ts';
import { stillPercent, watchEngagement } from './engagement.ts';
import { watchPages } from './pages.ts';
import { giveId, optedOut, ownId, signalsNo } from './wish.ts';

/** What a site can call. */
export type Tracker = Calls & {
  page(): void;
  consent(answer: 'granted' | 'denied'): void;
  optOut(): void;
  optIn(): void;
  flush(): void;
};

/**
 * Longest wait for the page's `load`, and then for its being idle: neither an image that never comes nor a script that never
 * rests may keep the first page view.
 */
const LOAD_WITHIN_MS = 5_000;

/** What is kept for the core of what happens on the page: more is a game. */
const MAX_HEARD = 40;

/** `load` is called when the page is idle. */
export const startTracker = (settings: Settings, load: Begin): Tracker => {
  const { before, debug } = settings;
  const refused = settings.dnt !== 'ignore' && signalsNo();
  let off = refused;
  /** What nobody has taken yet. */
  let early: Parameters<Taker['take']>[] = [];
  let begun = 0;

  const print = (...what: unknown[]) => {
    if (debug) console.debug('passerby', ...what);
  };
  const fail = (error: unknown): undefined => void console.error('passerby: not counted:', error);
  const host: Host = {
    settings,
    path: '',
    heard: [],
    hear: (...what) => void (host.heard.length < MAX_HEARD && host.heard.push(what)),
    percent: stillPercent,
    report(kind, at = performance.now()) {
      if (!off) taker.take(at, kind, host.path);
    },
    shape: (kind) => kind as Kind | undefined,
    passed(kind, path) {
      try {
        let left = host.shape(kind);
        if (left && before) left = host.shape(before(left, path));
        if (left) print('queued', left);
        return left;
      } catch (error) {
        return fail(error);
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
      if (isOut()) return;
      give(alone);
      alone.flush();
    },
    stop: () => void (early = host.heard = []),
  };
  let taker = keeper;
  let alone = makeAlone(host);
  /** All that there were: whatever one of them has not sent goes out when the page is left. */
  const takers = [keeper, alone];
  const engagement = watchEngagement(host);

  const name = (id: string) => taker.visitor?.(id);
  /** Asked only before something leaves: storage takes a while the first time. */
  const isOut = () => (off ||= !!optedOut());
  const begin = async () => {
    if (isOut()) return keeper.stop();
    const turn = ++begun;
    let next = alone;
    try {
      next = await load(host);
    } catch (error) {
      print('has no core:', error);
    }
    if (turn !== begun) return next.stop();
    takers.push((taker = next));
    name(settings.consent === 'granted' ? giveId() : ownId());
    give(taker);
    taker.flush();
  };
  /** Begins a tab of its own: what comes is not told to be by whom the tab before was. */
  const renew = () => {
    taker = keeper;
    takers.push((alone = makeAlone(host)));
    begin();
  };
  // Safari has no idle time, and takes the object for no delay.
  const whenIdle = () => (window.requestIdleCallback ?? setTimeout)(() => begun || begin(), { timeout: LOAD_WITHIN_MS } as any);

  // What it goes through is known only now.
  const hear = (event: Event) => host.hear(event.type, event, event.composedPath());
  const onLeave = (event: Event) => {
    hear(event);
    engagement.leave();
    for (const one of takers) (one.leave ?? one.flush)();
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
      if (answer !== 'denied') return name(isOut() ? '' : giveId());
      settings.consent = '';
      if (!ownId()) return;
      ownId(null);
      taker.flush();
      renew();
    },
    optOut() {
      off = true;
      optedOut('1');
      ownId(null);
      begun++;
      for (const one of takers) one.stop();
    },
    optIn() {
      // What happened until now is not to be counted: it is said while nobody takes it.
      if (isOut()) engagement.leave(), host.hear('turn'), keeper.stop();
      optedOut(null);
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
