// The collector's HTTP API. Every question can be called off, and a refusal says why.

import type { Answer, Problem, Query } from '../../../edge-collector/api.d.ts';
import { type Reach, reachOf } from '../state/reach.ts';
import type { Reports } from './reports.ts';
import { tokensOf } from './token.ts';

/** The collector did not answer what was asked. */
export class Refusal extends Error {
  readonly status: number;
  readonly problem: Problem | undefined;

  constructor(status: number, problem: Problem | undefined) {
    super(problem?.detail ?? problem?.title ?? `HTTP ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

export type Client = {
  /** How far its key reaches. */
  reach: Reach;
  /** What is at a path of the API. */
  get: <T>(path: string, signal: AbortSignal) => Promise<T>;
  /** Changes what is at a path; without an answer `undefined`. Not called off: whoever leaves meanwhile wanted it still. */
  send: <T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object) => Promise<T>;
  query: (question: Query, signal: AbortSignal) => Promise<Answer>;
  report: <Name extends keyof Reports>(name: Name, question: Reports[Name]['question'], signal: AbortSignal) => Promise<Reports[Name]['answer']>;
  currentVisitors: (site: string, signal: AbortSignal) => Promise<number>;
  /** Opens the socket that tells what happens now; `since` is the last frame that was seen, 0 none. */
  live: (site: string, since: number) => Promise<WebSocket>;
};

export type Remarks = {
  /** The key is not, or no longer, good. */
  onUnauthorized: () => void;
  /** Some of the site's shards did not answer: numbers are too low. */
  onIncomplete: () => void;
};

/** A client with a key, for a site. */
export function client(key: string, site: string, { onUnauthorized, onIncomplete }: Remarks): Client {
  const tokens = tokensOf(key, site);
  async function token(): Promise<string> {
    const given = await tokens();
    return typeof given === 'string' ? given : refused(given);
  }
  async function refused(response: Response): Promise<never> {
    if (response.status === 401) onUnauthorized();
    throw new Refusal(response.status, await problemOf(response.clone()));
  }
  async function ask(path: string, init: RequestInit): Promise<unknown> {
    const headers = { authorization: `Bearer ${await token()}`, ...(init.body === undefined ? {} : { 'content-type': 'application/json' }) };
    const response = await fetch(path, { ...init, headers, credentials: 'omit', cache: 'no-store' });
    if (response.status === 204) return undefined;
    if (response.ok) {
      const answer: unknown = await response.json();
      if (isIncomplete(answer)) onIncomplete();
      return answer;
    }
    return refused(response);
  }
  const post = (path: string, question: object, signal: AbortSignal) => ask(path, { method: 'POST', body: JSON.stringify(question), signal });
  return {
    reach: reachOf(key),
    get: <T>(path: string, signal: AbortSignal) => ask(path, { signal }) as Promise<T>,
    send: <T>(method: string, path: string, body?: object) => ask(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }) as Promise<T>,
    query: (question, signal) => post('/api/v2/query', question, signal) as Promise<Answer>,
    report: async (name, question, signal) => ((await post(`/api/v1/${name}`, question, signal)) as { results: never }).results,
    currentVisitors: (site, signal) =>
      ask(`/api/v1/stats/realtime/visitors?site_id=${encodeURIComponent(site)}`, { signal }) as Promise<number>,
    live: async (site, since) => {
      const url = new URL(`/api/v1/live?site_id=${encodeURIComponent(site)}&since=${since}`, location.href);
      url.protocol = url.protocol.replace('http', 'ws');
      // The one header of a socket that a page can set, which has few characters.
      const hex = Array.from(new TextEncoder().encode(await token()), (byte) => byte.toString(16).padStart(2, '0')).join('');
      return new WebSocket(url, ['passerby.live', `passerby.key.${hex}`]);
    },
  };
}

function isIncomplete(answer: unknown): boolean {
  const meta = (answer as { meta?: Answer['meta'] } | null)?.meta;
  return (meta?.failed_shards?.length ?? 0) > 0;
}

async function problemOf(response: Response): Promise<Problem | undefined> {
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return undefined;
  return response.json().catch(() => undefined) as Promise<Problem | undefined>;
}
