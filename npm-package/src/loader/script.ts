/**
 * The script tag: `<script defer src="https://stats.example.com/p.js" data-site="example.com"></script>`. Options are
 * attributes; tag managers that drop those leave the query: `p.js?site=example.com`.
 *
 * Calls before it has loaded are kept by a stub and made up for here:
 * `window.passerby=window.passerby||function(){(passerby.q=passerby.q||[]).push(arguments)}`
 */

import { loadFrom } from './core.ts';
import { settingsOf } from './options.ts';
import { startTracker, type Tracker } from './tracker.ts';

type Method = keyof Tracker;
type Global = ((method: Method, ...args: unknown[]) => void) & Partial<Tracker> & { q?: Iterable<unknown>[] };

const tag = document.currentScript as HTMLScriptElement;
const scope = window as unknown as { passerby?: Global } & Record<string, any>;
const stub = scope.passerby;

const given: Record<string, any> = { site: location.hostname };
for (const [name, value] of [...new URL(tag.src).searchParams, ...Object.entries(tag.dataset)]) {
  given[name] = value === '' || (value !== 'false' && value);
}
const { site, core = '.', before } = given;
// The name of a function of the page's. Looked up when it is called: one that is not there lets nothing pass.
if (before) given['before'] = (...event: unknown[]) => scope[before](...event);

// Two tags make one tracker.
if (!stub?.track) {
  const tracker = startTracker(settingsOf(given, tag.src), loadFrom(new URL(core.replace(/\/?$/, '/'), tag.src).href));
  const call = (method: Method, ...args: unknown[]) => (tracker[method] as (...args: unknown[]) => void)?.(...args);
  scope.passerby = Object.assign(call, tracker, { site });
  for (const [method, ...args] of (stub?.q ?? []) as [Method][]) call(method, ...args);
}
