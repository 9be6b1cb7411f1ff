// Page views, as the loader sees them.

/** A page view, in the contract's JSON form. What is empty is left out. */
export type Page = {
  path: string;
  trigger: Trigger;
  host?: string;
  query?: string;
  title?: string;
  referrer?: string;
};

/** What led to a page view. */
export type Trigger = 'load' | 'push' | 'replace' | 'pop' | 'hash' | 'restore' | 'manual';
