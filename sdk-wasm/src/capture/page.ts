// Page views, as the loader saw them.

import type { Tell } from '../tell.ts';
import { PAGE, TITLE } from '../what.ts';

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

/** A page view without a title, if the newest one is, gets the document's. */
export const tellTitle = (tell: Tell): void => tell(TITLE, [document.title]);

export const onPage = (tell: Tell, at: number, page: Page): void =>
  tell(PAGE, [page.path, page.host, page.query, page.referrer], [TRIGGERS.indexOf(page.trigger)], at);
