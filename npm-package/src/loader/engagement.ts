/** How long the page is looked at, and how far it was seen: said once for each page view, and when the page is left. */

import type { Host } from '../../../sdk-wasm/src/core.ts';

/** Percent of the page that stands above the window's lower edge now. Above 100 where the page is shorter than the window. */
export const stillPercent = (): number =>
  // Browsers round places and heights differently: a pixel does not keep a page from its end.
  ((scrollY + innerHeight + 1) / document.documentElement.scrollHeight) * 100;

/** Watches from now on. */
export const watchEngagement = (host: Host) => {
  /** Since when somebody looks at the page, and for how long before that. */
  let since = 0;
  let seen = 0;
  /** What was said of this page view last; none before the first. */
  let told = 101;

  const look = () => {
    const now = performance.now();
    seen += since && now - since;
    since = document.hidden || !document.hasFocus() ? 0 : now;
  };
  const settle = () => {
    look();
    // Before the first page view nothing is asked: the page has its first layout still to come.
    if (told < 101) {
      const scroll_percent = Math.min(host.percent(), 100) | 0;
      if (seen >= 1 || scroll_percent > told) {
        told = scroll_percent;
        host.report({ engagement: { visible_ms: seen | 0, scroll_percent } });
      }
    }
    seen = 0;
  };
  for (const type of ['focus', 'blur', 'visibilitychange']) addEventListener(type, look);

  return {
    /** A page view begins, which ends the one before. */
    turn(show: () => void) {
      settle();
      if (host.path) host.hear('turn');
      show();
      told = 0;
    },
    /** The page may be about to vanish: the clock stands still until it is looked at again. */
    leave() {
      settle();
      since = 0;
    },
  };
};
