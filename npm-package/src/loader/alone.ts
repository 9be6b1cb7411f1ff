/**
 * Sends in the contract's JSON form: where WebAssembly is not to be had, and where the page is left before the core is
 * there. A tab of its own, so its numbers never meet the core's.
 */

import type { Host, Taker } from '../../../sdk-wasm/src/core.ts';
import type { Kind } from './calls.ts';
import { chance, ownId } from './wish.ts';

/** As many events as the collector takes at once. */
const MAX_EVENTS = 1_000;

/** Of the 64 KiB that browsers keep alive when the page goes, in characters of up to three bytes. */
const MAX_KEEPALIVE = 2e4;

/**
 * An escape in JSON text; those of two bytes and more are halves of characters, of which the other half is missing. Strict
 * readers refuse a batch with one.
 */
const LONE_SURROGATE = /\\(ud[89a-f]..|.)/g;

export const makeAlone = (host: Host): Taker => {
  const { site, endpoint, interval } = host.settings;
  let tab = '';
  let page = host.path;
  let user: string | undefined;
  let pending: [at: number, kind: Kind][] = [];
  let first = 0;
  /** The end of the newest request without a result: a page announces its end more than once. */
  let flying = 0;

  const flush = () => {
    const end = first + pending.length;
    if (end === first || end === flying) return;
    flying = end;
    // Chance takes a while the first time, and most pages need none here.
    tab ||= chance(8);
    const body = JSON.stringify({
      site,
      tab,
      first,
      automated: navigator.webdriver,
      visitor: ownId() || undefined,
      user,
      page,
      viewport: [innerWidth, innerHeight],
      // The core asks in a cheaper way (context.ts), for which there is no room in here.
      context: {
        screen: [screen.width, screen.height],
        language: navigator.language,
        time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      },
      events: pending.map(([at, kind], i) => ({ after_ms: (at - (pending[i - 1]?.[0] ?? performance.now())) | 0, ...kind })),
    }).replace(LONE_SURROGATE, (all, code) => (code[1] ? '\ufffd' : all));
    // Text without credentials: no preflight, no cookie.
    fetch(endpoint, { method: 'POST', body, keepalive: body.length < MAX_KEEPALIVE, credentials: 'omit' }).then(
      ({ status }) => {
        flying = 0;
        // Nothing of 4xx but these two gets better by waiting.
        if (status > 499 || status === 408 || status === 429) return;
        // Two requests may have carried the same events: fewer than none are none.
        for (const [, { pageview, identify }] of pending.splice(0, end - first)) {
          first++;
          if (pageview) page = pageview.path;
          if (identify) user = identify.user;
        }
      },
      () => (flying = 0),
    );
  };
  setInterval(flush, interval);

  return {
    take(at, kind, path) {
      const left = host.passed(kind, path);
      if (left && pending.length < MAX_EVENTS) pending.push([at, left]);
    },
    flush,
    stop: () => void (pending = []),
  };
};
