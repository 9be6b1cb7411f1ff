/** One tracker: records what happens until the core is there, then hands it on as it happens. */

import type { Entry, Settings } from '../../../sdk-wasm/src/core.ts';
import { context, makeAlone } from './alone.ts';
import type { Begin } from './core.ts';
import { watchPages } from './pages.ts';
import { properties } from './properties.ts';

/** What a site can call. */
export type Tracker = {
  track(name: string, props?: object): void;
  page(): void;
  identify(user: string, traits?: object): void;
  flush(): void;
};

/** Longest wait for the page's `load`: an image that never comes must not keep the first page view. */
const LOAD_WITHIN_MS = 5_000;

/** Early clicks that are kept for the core: more is a game. */
const MAX_CLICKS = 20;

export const DEFAULT_INTERVAL_MS = 60_000;

/** `load` is called when the page is idle. */
export const startTracker = (settings: Settings, load: Begin): Tracker => {
  const alone = makeAlone(settings);
  /** Takes what happens: the core, or what stands in for it. */
  let taker: ((entry: Entry) => void) | undefined;
  const early: Entry[] = [];
  let clicks = 0;

  const hand = (entry: Entry) => {
    if (taker) taker(entry);
    else early.push(entry);
  };
  const onClick = (event: MouseEvent) => {
    if (clicks++ < MAX_CLICKS) hand([event.timeStamp, 'click', event]);
  };
  /** What nobody has taken yet goes out without the core. */
  const onLeave = () => {
    early.splice(0).forEach(alone.take);
    alone.leave();
  };
  const onHide = () => {
    if (document.hidden) onLeave();
  };

  const showAgain = watchPages(settings.site, (page) => hand([performance.now(), 'page', page]));
  addEventListener('click', onClick, true);
  addEventListener('pagehide', onLeave);
  addEventListener('visibilitychange', onHide);

  const begin = async () => {
    try {
      taker = await load(settings, context());
      removeEventListener('pagehide', onLeave);
      removeEventListener('visibilitychange', onHide);
      // What was sent alone and not answered is tried once more.
      alone.send();
    } catch (error) {
      taker = alone.take;
      if (settings.debug) console.debug('passerby counts page views, reading time and events only:', error);
      setInterval(alone.send, settings.interval);
    }
    removeEventListener('click', onClick, true);
    early.splice(0).forEach(hand);
    hand([0, 'flush']);
  };

  let begun = false;
  const whenIdle = () => {
    if (begun) return;
    begun = true;
    // Safari has none.
    (window.requestIdleCallback ?? setTimeout)(begin);
  };
  if (document.readyState === 'complete') whenIdle();
  else {
    addEventListener('load', whenIdle);
    setTimeout(whenIdle, LOAD_WITHIN_MS);
  }

  return {
    track: (name, props) => hand([performance.now(), 'track', `${name}`, properties(props)]),
    page: showAgain,
    identify: (user, traits) => hand([performance.now(), 'identify', `${user}`, properties(traits)]),
    // Before the core is there, all goes out when it comes.
    flush: () => taker?.([0, 'flush']),
  };
};
