// What is shown to the collector in place of the key: a token of some minutes, given for the key and asked for anew before it ends.
// So the key is in one request of many, and in no header of a socket, which proxies write down.

import type { TokenAnswer, TokenQuestion } from '../../../edge-collector/api.d.ts';
import { reachOf } from '../state/reach.ts';

/** How long before a token ends the next one is asked for. */
export const spareMs = 60_000;

/** Gives a token that counts, or the answer that refused one. Questions that wait for one wait for the same. */
export type Tokens = () => Promise<string | Response>;

/** Tokens for a key: of a site, or of the account, whose keys need none. What is a token already is shown as it is. */
export function tokensOf(key: string, site: string): Tokens {
  if (key.startsWith('passerby_token_')) return () => Promise.resolve(key);
  const reach = reachOf(key);
  const asked: TokenQuestion = site === '' || reach === 'admin' ? { reach: 'admin' } : { site_id: site, reach };
  let last: { token: Promise<string | Response>; untilMs: number } | undefined;
  return () => {
    if (last !== undefined && Date.now() < last.untilMs) return last.token;
    const next = { token: ask(), untilMs: Infinity };
    last = next;
    async function ask(): Promise<string | Response> {
      try {
        const response = await exchange(asked, { authorization: `Bearer ${key}` });
        if (response.ok) {
          const { token, expires_in_ms } = (await response.json()) as TokenAnswer;
          // Not until when by the collector's clock: this one's may be wrong.
          next.untilMs = Date.now() + expires_in_ms - spareMs;
          return token;
        }
        last = undefined;
        return response;
      } catch (error) {
        last = undefined;
        throw error;
      }
    }
    return next.token;
  };
}

/** What a public site gives to anybody in place of a key; `undefined` where the site is not public, or does not answer. */
export async function publicToken(site: string, signal: AbortSignal): Promise<TokenAnswer | undefined> {
  const response = await exchange({ site_id: site }, {}, signal).catch(() => undefined);
  return response?.ok === true ? ((await response.json()) as TokenAnswer) : undefined;
}

function exchange(asked: TokenQuestion, headers: Record<string, string>, signal?: AbortSignal): Promise<Response> {
  const init = { method: 'POST', body: JSON.stringify(asked), headers, credentials: 'omit', cache: 'no-store' } as const;
  return fetch('/api/v1/token', signal === undefined ? init : { ...init, signal });
}
