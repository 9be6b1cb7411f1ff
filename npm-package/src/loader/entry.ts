/** What happened on the page, as the loader hands it on: to the core, or to the sender that stands in for it. */

/** A page view, in the contract's JSON form. What is empty is left out. */
export type Page = {
  path: string;
  trigger: Trigger;
  host?: string;
  query?: string;
  title?: string;
  referrer?: string;
};

/** What led to a page view. The place in this list is its number on the wire. */
export const TRIGGERS = ['load', 'push', 'replace', 'pop', 'hash', 'restore', 'manual'] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** The calls that the core takes, each with the `performance.now()` of when it happened. */
export type Entry =
  | [at: number, call: 'page', page: Page]
  | [at: number, call: 'click', event: MouseEvent]
  | [at: number, call: 'track', name: string, props: unknown]
  | [at: number, call: 'identify', user: string, traits: unknown];
