/** Options of {@link init}. */
export interface InitOptions {
  /** The site's name, as the collector knows it: `example.com`. */
  site: string;
  /** Where batches go. Default: `/e` on the page's own origin. */
  endpoint?: string;
  /** How long events wait for company, in milliseconds. Default: 60,000. */
  interval?: number;
  /**
   * Address of the folder that holds `core.js` and `core.wasm`. Default: beside the module, as the bundler put them
   * (CommonJS: beside the endpoint).
   */
  core?: string;
  /** Prints each event as it is queued and each batch as it is sent. Default: false. */
  debug?: boolean;
}

/** An amount of money. On a custom event it counts as revenue. */
export interface Money {
  /** Whole minor units: 1999 is 19.99 EUR, and 1999 JPY. */
  amount_minor: number;
  /** ISO 4217: `EUR`. */
  currency: string;
}

/** A property's value. Whole numbers stay whole. */
export type Value = string | number | boolean | Money;

/** Properties of an event. At most 30; names up to 200 bytes, texts up to 512. */
export type Props = Record<string, Value>;

/** Starts the tracker. A second call changes nothing; without a window, neither does the first. */
export function init(options: InitOptions): void;

/** Counts an event of your own. Before {@link init} it waits for it. */
export function track(name: string, props?: Props): void;

/** Counts a page view by hand: for a view that has no path of its own. */
export function page(): void;

/** Says who this is: your own id of the user. Empty: from now on nobody is known. */
export function identify(user: string, traits?: Props): void;

/** Sends what is buffered now. */
export function flush(): void;
