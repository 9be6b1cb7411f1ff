// The page's side of the core: watches the page for it, and hands on what the loader recorded.

import { onClick } from './capture/click.ts';
import { type Props, tellNamed } from './capture/custom.ts';
import { watchEngagement } from './capture/engagement.ts';
import { onPage, type Page, tellTitle } from './capture/page.ts';
import { sizes, watchScroll } from './capture/scroll.ts';
import { attach } from './platform/page.js';
import { type Core, listen, teller } from './tell.ts';
import { DONE, FLUSH, IDENTIFY, ONLINE, START, TRACK, WAKE } from './what.ts';

/** What the core needs to know. */
export type Settings = {
  site: string;
  /** Where batches go. */
  endpoint: string;
  /** How long events wait for company, in milliseconds. */
  interval: number;
  debug: boolean;
};

/** What is known of the browser, in the contract's form. */
export type Context = { screen: number[]; language: string; time_zone: string };

/** What happened on the page, with the `performance.now()` of when it did. */
export type Entry =
  | [at: number, call: 'page', page: Page]
  | [at: number, call: 'click', event: MouseEvent]
  | [at: number, call: 'track', name: string, props: Props]
  | [at: number, call: 'identify', user: string, traits: Props]
  | [at: number, call: 'flush'];

/** Begins to watch and to buffer. What it gives takes what the loader sees. */
export const begin = (core: Core, { site, endpoint, interval, debug }: Settings, context: Context): ((entry: Entry) => void) => {
  const tell = teller(core);
  attach(
    {
      wake() {
        tellTitle(tell);
        tell(WAKE);
      },
      done: (id, result) => tell(DONE, [], [id, ...result]),
    },
    endpoint,
    debug,
  );
  tell(
    START,
    [site, context.language, context.time_zone],
    [...crypto.getRandomValues(new Uint32Array(3)), interval, +navigator.webdriver, ...context.screen, ...sizes()],
  );
  watchScroll(tell);
  const look = watchEngagement(tell);
  listen((event: MouseEvent) => onClick(tell, event), 'click');
  listen(() => tell(ONLINE), 'online');

  return ([at, ...entry]) => {
    switch (entry[0]) {
      case 'page':
        // The title still is that of the page before, by now certainly.
        tellTitle(tell);
        onPage(tell, at, entry[1]);
        return look();
      case 'click':
        return onClick(tell, entry[1], at);
      case 'flush':
        tellTitle(tell);
        return tell(FLUSH);
      default:
        tellNamed(tell, entry[0] === 'track' ? TRACK : IDENTIFY, at, entry[1], entry[2]);
    }
  };
};
