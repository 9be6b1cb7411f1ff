/**
 * Sends without the core, in the contract's JSON form: where WebAssembly is not to be had, and where the page is left
 * before the core is there. A tab of its own, so its numbers never meet the core's.
 */

import type { Context, Entry, Settings } from '../../../sdk-wasm/src/core.ts';

type Kind = { pageview: { path: string } } | { custom: object } | { identify: object };

/** What is known of the browser: screen, language, time zone. */
export const context = (): Context => ({
  screen: [screen.width, screen.height],
  language: navigator.language,
  time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
});

const kindOf = (entry: Entry): Kind | undefined => {
  switch (entry[1]) {
    case 'page':
      return { pageview: entry[2] };
    case 'track':
      return { custom: { name: entry[2], props: entry[3] } };
    case 'identify':
      return { identify: { user: entry[2], traits: entry[3] } };
  }
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

  const drop = (end: number) => {
    // Two requests may have carried the same events.
    for (const [, kind] of pending.splice(0, Math.max(0, end - first))) {
      first++;
      if ('pageview' in kind) page = kind.pageview.path;
    }
  };

  return {
    take(entry: Entry) {
      const kind = kindOf(entry);
      // As many as the collector takes at once.
      if (kind && pending.length < 1_000) pending.push([entry[0], kind]);
    },
    send() {
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
    },
  };
};
