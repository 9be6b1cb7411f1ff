// What a source of events wants to see of the page, and how it says what it has seen.

import type { Host } from '../core.ts';

export type Report = Host['report'];

type Events = WindowEventMap & DocumentEventMap;

/**
 * What the loader announces: another page is about to be shown, and was; this one is left, or hidden; and what it hears
 * itself, since it is there earlier.
 */
const ANNOUNCED = ['turn', 'shown', 'pagehide', 'visibilitychange', 'click', 'error'];

/**
 * Called, by type, for events anywhere in the page, before a page's own listener can stop them: with the event and what it
 * goes through, innermost first. With neither where another page is shown.
 */
export type Watch = {
  [Type in keyof Events]?: (event: Events[Type], path: EventTarget[]) => void;
} & { turn?: () => void; shown?: () => void };

export type Hear = (type: string, event?: Event, path?: EventTarget[]) => void;

/** Nothing that goes wrong in it is for the page to see. */
export const attempt = (call: () => void): void => {
  try {
    call();
  } catch {}
};

/** Hears everything for them all; nothing that goes wrong in one reaches another. */
export const hearFor = (watches: Watch[]): Hear => {
  type Call = (event?: Event, path?: EventTarget[]) => void;
  const calls: Record<string, Call[]> = {};
  const hear: Hear = (type, event, path) => calls[type]?.forEach((call) => attempt(() => call(event, path)));
  for (const watch of watches) {
    for (const [type, call] of Object.entries(watch) as [string, Call][]) {
      if (!calls[type] && !ANNOUNCED.includes(type)) {
        addEventListener(type, (event) => hear(type, event, event.composedPath()), true);
      }
      (calls[type] ??= []).push(call);
    }
  }
  return hear;
};

/** Lets the page have its turn: no piece of the core's start holds it up for long. */
export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

const waiting: (() => void)[] = [];

/** Does what waits for its event's end. To be called before the page ends, too. */
export const settle = (): void => waiting.splice(0).forEach(attempt);

/** Once the page's own listeners have had the event: whether they prevent what it does is known only then. */
export const afterEvent = (call: () => void): void => {
  waiting.push(call);
  setTimeout(settle);
};

const measuring = new Set<() => void>();

const observer = new ResizeObserver(() => {
  observer.disconnect();
  const calls = [...measuring];
  measuring.clear();
  calls.forEach(attempt);
});

/**
 * Right after the next layout, where reading sizes and styles makes the browser work out nothing. It must not ask for the
 * next one itself.
 */
export const afterLayout = (call: () => void): void => {
  measuring.add(call);
  observer.observe(document.documentElement);
};
