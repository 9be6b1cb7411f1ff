/**
 * The script tag: `<script defer src="https://stats.example.com/p.js" data-site="example.com"></script>`.
 *
 * Calls before it has loaded are kept by a stub and made up for here:
 * `window.passerby=window.passerby||function(){(passerby.q=passerby.q||[]).push(arguments)}`
 */

import { loadFrom } from './core.ts';
import { DEFAULT_INTERVAL_MS, startTracker, type Tracker } from './tracker.ts';

type Method = keyof Tracker;
type Global = ((method: Method, ...args: unknown[]) => void) & Partial<Tracker> & { q?: ArrayLike<unknown>[] };

const tag = document.currentScript as HTMLScriptElement;
const scope = window as unknown as { passerby?: Global };
const stub = scope.passerby;

// Two tags make one tracker.
if (!stub?.track) {
  const { site = location.hostname, endpoint, interval, core, debug } = tag.dataset;
  const base = new URL(core ?? '.', tag.src).href;
  const tracker = startTracker(
    {
      site,
      endpoint: new URL(endpoint ?? '/e', tag.src).href,
      interval: Number(interval) || DEFAULT_INTERVAL_MS,
      debug: debug !== undefined,
    },
    loadFrom(base.endsWith('/') ? base : `${base}/`),
  );
  const call = (method: Method, ...args: unknown[]) => (tracker[method] as (...args: unknown[]) => void)?.(...args);
  scope.passerby = Object.assign(call, tracker);
  for (const args of stub?.q ?? []) call(...(Array.from(args) as [Method]));
}
