/** Page views: which there are, and what may be said of an address. */

import type { Page, Trigger } from '../../../sdk-wasm/src/capture/page.ts';
import type { Settings } from '../../../sdk-wasm/src/core.ts';

/** Query parameters that may leave the page: campaigns and click ids, and those that the site allows. */
const KEPT = /^(utm_\w+|\w+clk?id|[gw]braid|li_fat_id|ref|source)$/;

/** The page as its address says it now. */
const page = ({ site, params }: Settings, trigger: Trigger): Page => {
  const shown: Page = { path: location.pathname, trigger };
  const isKept = (pair: string) => {
    const name = pair.split('=')[0]!;
    return KEPT.test(name) || params.includes(name);
  };
  const query = location.search.slice(1).split('&').filter(isKept).join('&');
  if (query) shown.query = query;
  if (location.hostname !== site) shown.host = location.hostname;
  if (trigger === 'load') {
    // A site that is its own referrer says nothing; a query may say too much.
    const referrer = document.referrer.split(/[?#]/)[0]!;
    if (referrer && referrer.split('/')[2] !== location.host) shown.referrer = referrer;
  }
  return shown;
};

/** Calls `show` for each page view from now on; what it returns calls it for one more. */
export const watchPages = (settings: Settings, show: (page: Page) => void): (() => void) => {
  // None has been shown until somebody sees the document: it may be prerendered, or opened in the background.
  let path: string | undefined;
  const turn = (trigger: Trigger) => {
    path = location.pathname;
    show(page(settings, trigger));
  };
  const moved = (trigger: Trigger) => {
    if (path !== undefined && path !== location.pathname) turn(trigger);
  };

  const first = () => {
    if (document.hidden) addEventListener('visibilitychange', first, { once: true });
    else turn('load');
  };
  first();

  const hook = (name: 'pushState' | 'replaceState', trigger: Trigger) => {
    const original = history[name];
    history[name] = function (...args) {
      original.apply(this, args);
      moved(trigger);
    };
  };
  hook('pushState', 'push');
  hook('replaceState', 'replace');
  addEventListener('popstate', () => moved('pop'));
  addEventListener('pageshow', (event) => {
    if (event.persisted && path !== undefined) turn('restore');
  });
  return () => turn('manual');
};
