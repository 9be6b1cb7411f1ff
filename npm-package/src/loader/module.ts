/** The npm package's functions. Importing them touches nothing, so they may be imported on a server, where they do nothing. */

import type { InitOptions, Tracker } from '../../index.d.ts';
import { CALLS } from './calls.ts';
import { type Begin, loadFrom } from './core.ts';
import { settingsOf } from './options.ts';
import { startTracker } from './tracker.ts';

type Call = (tracker: any) => void;

const NAMES = [...Object.keys(CALLS), 'page', 'consent', 'optOut', 'optIn', 'flush'];

/** A tracker's functions, which do what `call` makes of them. */
const functions = (call: (make: Call) => void): Tracker =>
  Object.fromEntries(NAMES.map((name) => [name, (...args: unknown[]) => call((tracker) => tracker[name](...args))])) as any;

/** `loadDefault` finds the core's files where the options do not say. */
export const makeModule = (loadDefault: (endpoint: string) => Begin): Tracker & { init(options: InitOptions): Tracker } => {
  /** By site. The first one is that of the module's functions. */
  const trackers = new Map<string, Tracker>();
  const early: Call[] = [];

  return {
    ...functions((make) => {
      const [first] = trackers.values();
      if (first) make(first);
      // A call before `init` waits for it, but not without end: it may never come.
      else if (typeof window !== 'undefined' && early.length < 100) early.push(make);
    }),
    init(options) {
      if (typeof window === 'undefined') return functions(() => {});
      const { site, core } = options;
      let tracker = trackers.get(site);
      if (!tracker) {
        const scope = window as unknown as { passerby?: Tracker & { site?: string } };
        // The page's script tag was first: one tracker.
        if (scope.passerby?.site === site) tracker = scope.passerby;
        else {
          const settings = settingsOf({ endpoint: '/e', ...options }, location.href);
          const base = core && new URL(core.replace(/\/?$/, '/'), location.href).href;
          tracker = startTracker(settings, base ? loadFrom(base) : loadDefault(settings.endpoint)) as Tracker;
          // So that a tag which comes later begins no second one.
          scope.passerby ??= Object.assign(tracker, { site });
        }
        trackers.set(site, tracker);
      }
      for (const make of early.splice(0)) make(tracker);
      return tracker;
    },
  };
};
