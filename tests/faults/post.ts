// How tabs send: over connections that are kept, to an address that may fail in any way.

import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** What a body holds, which the books note of each request: how many events, and how many of them must be refused, by reason. */
export type Held = { site: string; events: number; refused: Record<string, number> };

export type Answered = { status: number; retryAfterS: number; body: Uint8Array };

/** Sends a body from an address; nothing where no whole answer came. */
export type Post = (held: Held, address: string, userAgent: string, body: Uint8Array) => Promise<Answered | undefined>;

/** The header that carries `Held` as far as the proxy; a collector knows no such header. */
export const HELD = 'x-held';

export function poster(url: string): Post {
  const agent = new Agent({ keepAlive: true, maxSockets: 512 });
  return async (held, address, userAgent, body) => {
    const headers = {
      'content-type': 'text/plain', 'content-length': body.length, 'cf-connecting-ip': address, 'user-agent': userAgent,
      [HELD]: JSON.stringify(held),
    };
    try {
      const asked = request(new URL('/e', url), { method: 'POST', headers, agent }).end(body);
      const [said] = (await once(asked, 'response')) as [IncomingMessage];
      return { status: said.statusCode ?? 0, retryAfterS: Number(said.headers['retry-after'] ?? 0), body: await buffer(said) };
    } catch {
      return undefined;
    }
  };
}
