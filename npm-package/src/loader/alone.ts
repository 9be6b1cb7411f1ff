/**
 * Sends without the core, in the contract's JSON form: where WebAssembly is not to be had, and where the page is left
 * before the core is there. A tab of its own, so its numbers never meet the core's.
 */

import type { Context, Entry, Settings } from '../../../sdk-wasm/src/core.ts';

type Kind = { pageview: { path: string } } | { engagement: object } | { custom: object } | { identify: object };

/** What is known of the browser: screen, language, time zone. */
export const context = (): Context => ({
  screen: [screen.width, screen.height],
  language: navigator.language,
  time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
});

const kindOf = ([, call, what, more]: Entry): Kind | undefined => {
  if (call === 'page') return { pageview: what };
  if (call === 'track') return { custom: { name: what, props: more } };
  if (call === 'identify') return { identify: { user: what, traits: more } };
  return undefined;
};

/**
 * An escape in JSON text; those of two bytes and more are halves of characters, of which the other half is missing. Strict
 * readers refuse a batch with one.
 */
const LONE_SURROGATE = /\\(ud[89a-f]..|.)/g;

/** Takes entries and sends them when told to, until the collector has them. */
export const makeAlone = ({ site, endpoint }: Settings) => {
  const tab = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => (byte + 256).toString(16).slice(1)).join('');
  let pending: [at: number, kind: Kind][] = [];
  let first = 0;
  let page = '';
  /** The end of the newest request without a result: a page announces its end more than once. */
  let flying = 0;
  /** Since when somebody has looked at the page, and for how long before that. */
  let since = 0;
  let seen = 0;
  /** There is a page view that it belongs to. */
  let shown = false;

  const look = () => {
    const now = performance.now();
    seen += since && now - since;
    since = document.hidden || !document.hasFocus() ? 0 : now;
  };
  look();
  for (const type of ['focus', 'blur']) addEventListener(type, look);

  const push = (at: number, kind: Kind | undefined) => {
    // As many as the collector takes at once.
    if (kind && pending.length < 1_000) pending.push([at, kind]);
  };
  /** Says how long the page was looked at, since that was last said. */
  const settle = () => {
    look();
    // What is shorter comes of one end that is announced twice.
    if (shown && seen > 50) {
      const scroll_percent = Math.min(100, ((scrollY + innerHeight) / document.documentElement.scrollHeight) * 100) | 0;
      push(performance.now(), { engagement: { visible_ms: seen | 0, scroll_percent } });
    }
    seen = 0;
  };
  const drop = (end: number) => {
    // Two requests may have carried the same events.
    for (const [, kind] of pending.splice(0, Math.max(0, end - first))) {
      first++;
      if ('pageview' in kind) page = kind.pageview.path;
    }
  };
  const send = () => {
    const end = first + pending.length;
    if (end === first || end === flying) return;
    flying = end;
    let before = performance.now();
    const events = pending.map(([at, kind]) => {
      const after_ms = Math.round(at - before);
      before += after_ms;
      return { after_ms, ...kind };
    });
    const body = JSON.stringify({
      site,
      tab,
      first,
      sent_at_ms: Date.now(),
      automated: !!navigator.webdriver,
      page,
      viewport: [innerWidth, innerHeight],
      context: context(),
      events,
    }).replace(LONE_SURROGATE, (all, code) => (code[1] ? '\ufffd' : all));
    // Text without credentials: no preflight, no cookie.
    fetch(endpoint, { method: 'POST', body, keepalive: body.length < 6e4, credentials: 'omit' }).then(
      ({ status }) => {
        // Nothing of 4xx but these two gets better by waiting.
        if (status < 500 && status !== 408 && status !== 429) drop(end);
        flying = 0;
      },
      () => (flying = 0),
    );
  };

  return {
    send,
    take(entry: Entry) {
      if (entry[1] === 'flush') send();
      if (entry[1] === 'page') {
        settle();
        shown = true;
      }
      push(entry[0], kindOf(entry));
    },
    leave() {
      settle();
      send();
    },
  };
};
