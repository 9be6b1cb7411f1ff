/** One tracker: records what happens until the core is there, then hands it on as it happens. */

import { context, makeAlone } from './alone.ts';
import type { Core } from './core.ts';
import { type Entry, TRIGGERS } from './entry.ts';
import type { Settings } from './options.ts';
import { watchPages } from './pages.ts';

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

export const startTracker = (settings: Settings): Tracker => {
  const alone = makeAlone(settings);
  let core: Core | undefined;
  let failed = false;
  let early: Entry[] = [];
  let clicks = 0;

  const hand = (entry: Entry) => {
    if (!core) early.push(entry);
    else if (entry[1] === 'page') core.page(entry[0], TRIGGERS.indexOf(entry[2].trigger), entry[2]);
    else (core[entry[1]] as (...args: unknown[]) => void)(entry[0], entry[2], entry[3]);
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
      const loaded = await settings.load();
      loaded.start({
        ...context(),
        site: settings.site,
        endpoint: settings.endpoint,
        interval: settings.interval,
        debug: settings.debug,
        automated: navigator.webdriver,
      });
      core = loaded;
      removeEventListener('pagehide', sendAlone);
      removeEventListener('visibilitychange', onHide);
      // What was sent alone and not answered is tried once more.
      alone.send();
      early.splice(0).forEach(hand);
      core.flush();
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
    track: (name, props) => hand([performance.now(), 'track', `${name}`, props]),
    page: showAgain,
    identify: (user, traits) => hand([performance.now(), 'identify', `${user}`, traits]),
    // Before the core is there, all goes out when it comes.
    flush: () => {
      if (core) core.flush();
      else if (failed) sendAlone();
    },
  };
};
