/** The npm package's functions. Importing them touches nothing, so they may be imported on a server, where they do nothing. */

import type { InitOptions } from '../../index.d.ts';
import { type Begin, loadFrom } from './core.ts';
import { DEFAULT_INTERVAL_MS, startTracker, type Tracker } from './tracker.ts';

type Early = (tracker: Tracker) => void;

/** `loadDefault` finds the core's files where the options do not say. */
export const makeModule = (loadDefault: (endpoint: string) => Begin) => {
  let tracker: Tracker | undefined;
  const early: Early[] = [];
  /** A call before `init` waits for it, but not without end: it may never come. */
  const call = (make: Early) => {
    if (tracker) make(tracker);
    else if (typeof window !== 'undefined' && early.length < 100) early.push(make);
  };

  return {
    init({ site, endpoint = '/e', interval = DEFAULT_INTERVAL_MS, core, debug = false }: InitOptions): void {
      if (typeof window === 'undefined' || tracker) return;
      // The page's script tag was first: one tracker.
      const scope = window as unknown as { passerby?: Tracker };
      if (scope.passerby?.track) tracker = scope.passerby;
      else {
        const url = new URL(endpoint, location.href).href;
        const base = core && new URL(core.replace(/\/?$/, '/'), location.href).href;
        tracker = startTracker({ site, endpoint: url, interval, debug }, base ? loadFrom(base) : loadDefault(url));
        scope.passerby = tracker;
      }
      for (const make of early.splice(0)) make(tracker);
    },
    track: (name: string, props?: object): void => call((t) => t.track(name, props)),
    page: (): void => call((t) => t.page()),
    identify: (user: string, traits?: object): void => call((t) => t.identify(user, traits)),
    flush: (): void => call((t) => t.flush()),
  };
};
