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
  let core: ((entry: Entry) => void) | undefined;
  let failed = false;
  let early: Entry[] = [];
  let clicks = 0;

  const hand = (entry: Entry) => {
    if (core) core(entry);
    else early.push(entry);
  };
  /** What the core has not taken goes out without it. */
  const sendAlone = () => {
    early.splice(0).forEach(alone.take);
    alone.send();
  };
  const onClick = (event: MouseEvent) => {
    if (clicks++ < MAX_CLICKS) hand([event.timeStamp, 'click', event]);
  };
  const onHide = () => {
    if (document.hidden) sendAlone();
  };

  const showAgain = watchPages(settings.site, (page) => hand([performance.now(), 'page', page]));
  addEventListener('click', onClick, true);
  addEventListener('pagehide', sendAlone);
  addEventListener('visibilitychange', onHide);

  const begin = async () => {
    try {
      core = await load(settings, context());
      removeEventListener('pagehide', sendAlone);
      removeEventListener('visibilitychange', onHide);
      // What was sent alone and not answered is tried once more.
      alone.send();
      early.splice(0).forEach(hand);
      hand([0, 'flush']);
    } catch (error) {
      failed = true;
      if (settings.debug) console.debug('passerby counts page views and events only:', error);
      sendAlone();
      setInterval(sendAlone, settings.interval);
    }
    removeEventListener('click', onClick, true);
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
    flush: () => {
      if (core) hand([0, 'flush']);
      else if (failed) sendAlone();
    },
  };
};
