/** Page views: which there are, and what may be said of an address. */

import type { Page, Trigger } from '../../../sdk-wasm/src/capture/page.ts';
import type { Settings } from '../../../sdk-wasm/src/core.ts';

/** Query parameters that may leave the page: campaigns and click ids, and those that the site allows. */
const KEPT = /^(utm_\w+|\w+clk?id|[gw]braid|li_fat_id|ref|source)$/;

/** Calls `show` for each page view from now on; what it returns calls it for one more. */
export const watchPages = ({ site, params, query, hash }: Settings, show: (page: Page) => void): (() => void) => {
  /** The address of the page that is shown. None until somebody sees it: it may be prerendered, or open in the background. */
  let shown = '';

  /** On sites that route by the fragment with that, less what stands there as a query. */
  const path = () => location.pathname + (hash ? location.hash.split('?')[0] : '');
  const address = () => path() + (query ? location.search : '');
  const isKept = (pair: string) => {
    const name = pair.split('=')[0]!;
    return KEPT.test(name) || params.includes(name);
  };
  const turn = (trigger: Trigger) => {
    shown = address();
    const page: Page = { path: path(), trigger };
    const kept = location.search.slice(1).split('&').filter(isKept).join('&');
    if (kept) page.query = kept;
    if (location.hostname !== site) page.host = location.hostname;
    if (trigger === 'load') {
      // A site that is its own referrer says nothing; a query may say too much.
      const referrer = document.referrer.split(/[?#]/)[0]!;
      if (referrer && referrer.split('/')[2] !== location.host) page.referrer = referrer;
    }
    show(page);
  };
  const moved = (trigger: Trigger) => {
    if (shown && shown !== address()) turn(trigger);
  };

  const first = () => {
    if (document.hidden) addEventListener('visibilitychange', first);
    else if (!shown) turn('load');
  };
  first();

  for (const trigger of ['push', 'replace'] as const) {
    const name = `${trigger}State` as const;
    const original = history[name];
    history[name] = function (...args) {
      original.apply(this, args);
      moved(trigger);
    };
  }
  // A fragment that changes is announced like a step through the history.
  addEventListener('popstate', () => moved(hash ? 'hash' : 'pop'));
  addEventListener('pageshow', (event) => {
    if (event.persisted && shown) turn('restore');
  });
  return () => turn('manual');
};
