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
  /** Another query is another page view. Default: false. */
  query?: boolean;
  /** Another fragment is another page view, for sites that route by it. Default: false. */
  hash?: boolean;
  /** CSS selector of what scrolls on pages where that is not the window: the first element that it finds. Default: none. */
  scroll?: string;
  /** Query parameters that hold what was searched for. Default: `q`, `query`, `s`, `search`, `keyword`; false: none. */
  search?: string[] | false;
  /** Whether clicks are counted, rage and dead ones among them. Default: true. */
  clicks?: boolean;
  /** Whether links to other sites are counted. Default: true. */
  outbound?: boolean;
  /** Whether downloads are counted. Default: true. */
  downloads?: boolean;
  /** Whether forms are counted: begun, sent, abandoned. Default: true. */
  forms?: boolean;
  /** Whether web vitals are measured. Default: true. */
  vitals?: boolean;
  /** Whether errors of the site's own scripts are counted. Default: true. */
  errors?: boolean;
  /** Query parameters that may be sent, next to `utm_*` and click ids. Default: none. */
  params?: string[];
  /** `ignore`: Global Privacy Control and Do Not Track change nothing. Default: who sends one of them is not counted. */
  dnt?: 'ignore';
  /** `granted`: visitors have agreed to an id of their own, as by {@link consent}. Default: they have not. */
  consent?: 'granted';
  /**
   * What could not be sent when a page is left is kept in storage, and sent by the next page of the site, without consent,
   * too. Default: false, only with consent.
   */
  persist?: boolean;
  /**
   * Sees every event before it is counted, with the path of the page that it happened on. What it returns is counted;
   * `null`, `undefined` or `false` drops the event, and so does an error, which is printed. A page view may come a second
   * time, when its title is known. Default: none.
   */
  before?: (event: Event, path: string) => Event | null | undefined | false | void;
}

/** What happened, in the form of the contract (protocol/SPEC.md): one key, the kind's name. */
export type Event = Record<string, any>;

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

/** A product as the shop names it. */
export interface Product {
  /** The shop's own id or SKU. */
  id: string;
  name?: string;
  brand?: string;
  /** With `/` between levels. */
  category?: string;
  /** Size, colour and so on. */
  variant?: string;
  /** Of one. */
  price?: Money;
}

/** So many of a product. */
export interface Item {
  product: Product;
  quantity: number;
}

/** A step of the checkout. */
export interface Checkout {
  /** From 1. */
  step: number;
  /** What the shop calls it: `shipping`. */
  name?: string;
  /** The cart's. */
  value?: Money;
}

/** An order. Its id counts once per site, whatever is sent. */
export interface Order {
  id: string;
  /** What the customer pays. */
  total: Money;
  /** Within the total, in its currency's minor units. */
  tax_minor?: number;
  /** Within the total. */
  shipping_minor?: number;
  /** What was taken off. */
  discount_minor?: number;
  coupon?: string;
  items?: Item[];
}

/** An order was paid back. */
export interface Refund {
  /** The order's id. */
  order: string;
  /** All of it where absent. */
  amount?: Money;
  /** What came back. */
  items?: Item[];
}

/** What a site can say to its tracker. */
export interface Tracker {
  /** Counts an event of your own. */
  track(name: string, props?: Props): void;
  /** Says who this is: your own id of the user. */
  identify(user: string, traits?: Props): void;
  /** From now on nobody is known. */
  reset(): void;
  /** A product was looked at. */
  viewProduct(product: Product): void;
  /** Something was put into the cart. One, if nothing else is said. */
  addToCart(product: Product, quantity?: number): void;
  /** Something was taken out of the cart. */
  removeFromCart(product: Product, quantity?: number): void;
  /** A step of the checkout was reached. */
  checkout(checkout: Checkout): void;
  /** An order was placed. */
  order(order: Order): void;
  /** An order was paid back. */
  refund(refund: Refund): void;
  /** Counts a page view by hand: for a view that has no path of its own. */
  page(): void;
  /** `granted`: the visitor gets a random id, kept in this site's storage. `denied`: it is erased. */
  consent(answer: 'granted' | 'denied'): void;
  /** From now on this visitor is not counted, in this browser, on this site; what is unsent is thrown away. */
  optOut(): void;
  /** Takes {@link optOut} back. */
  optIn(): void;
  /** Sends what is buffered now. */
  flush(): void;
}

/**
 * Starts a tracker and gives it back; for a site that has one, that one. The functions below are those of the first;
 * calls before it wait for it. Without a window, on a server, nothing happens.
 */
export function init(options: InitOptions): Tracker;

export const track: Tracker['track'];
export const identify: Tracker['identify'];
export const reset: Tracker['reset'];
export const viewProduct: Tracker['viewProduct'];
export const addToCart: Tracker['addToCart'];
export const removeFromCart: Tracker['removeFromCart'];
export const checkout: Tracker['checkout'];
export const order: Tracker['order'];
export const refund: Tracker['refund'];
export const page: Tracker['page'];
export const consent: Tracker['consent'];
export const optOut: Tracker['optOut'];
export const optIn: Tracker['optIn'];
export const flush: Tracker['flush'];
