// What happens now: told by a socket as it happens; what the socket does not know is asked for every few seconds while the page is
// seen.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Answer, FilterDimension, Filters, LiveScene } from '../../../edge-collector/api.d.ts';
import type { Client } from './client.ts';
import { type Watched, watch } from './socket.ts';
import { useClient } from './use-answer.tsx';

export type Live<T> = { value: T | undefined; isConnected: boolean };

/** How often is asked; of the minutes, less often: the newest moves by the minute. */
const everyMs = 5000;
const minutesEveryMs = 15_000;
/** How long an answer may take. */
const patienceMs = 10_000;

/** Asks again and again, one question at a time, until the returned function is called. */
function poll<T>(ask: (signal: AbortSignal) => Promise<T>, everyMs: number, onChange: (state: { value?: T; isConnected: boolean }) => void): () => void {
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  async function again() {
    if (isAsking) return;
    isAsking = true;
    clearTimeout(timer);
    try {
      const value = await ask(AbortSignal.any([stop.signal, AbortSignal.timeout(patienceMs)]));
      if (!stop.signal.aborted) onChange({ value, isConnected: true });
    } catch {
      if (!stop.signal.aborted) onChange({ isConnected: false });
    }
    isAsking = false;
    if (!stop.signal.aborted && document.visibilityState === 'visible') timer = setTimeout(() => void again(), everyMs);
  }
  const onVisible = () => document.visibilityState === 'visible' && void again();
  document.addEventListener('visibilitychange', onVisible, { signal: stop.signal });
  void again();
  return () => {
    stop.abort();
    clearTimeout(timer);
  };
}

/** What `ask` answers now, again and again. `about` is all that the question rests on; without `ask` nothing is asked. */
export function useLive<T>(about: string, ask: ((client: Client, signal: AbortSignal) => Promise<T>) | undefined, ms = everyMs): Live<T> {
  const client = useClient();
  const current = useRef(ask);
  current.current = ask;
  const [state, setState] = useState<Live<T>>({ value: undefined, isConnected: true });
  useEffect(() => {
    setState({ value: undefined, isConnected: true });
    const { current: ask } = current;
    return ask && poll((signal) => ask(client, signal), ms, (next) => setState((last) => ({ ...last, ...next })));
  }, [client, about]);
  return state;
}

/** How many visitors there are, asked for now and then: a view that only counts them is no reason to have trackers hurry. */
export function useCurrentVisitors(site: string): Live<number> {
  return useLive(site, (client, signal) => client.currentVisitors(site, signal));
}

/** What happens now, as it happens. Everybody on the page who watches a site shares one socket. */
export function useWatched(site: string): Watched {
  const client = useClient();
  const [watched, setWatched] = useState<Watched>({ scene: undefined, isConnected: true, leftOut: 0 });
  useEffect(() => {
    setWatched({ scene: undefined, isConnected: true, leftOut: 0 });
    return share(client, site, setWatched);
  }, [client, site]);
  return watched;
}

type Shared = { client: Client; site: string; tell: Set<(watched: Watched) => void>; last: Watched | undefined; stop: () => void };

const shared = new Set<Shared>();

function share(client: Client, site: string, tell: (watched: Watched) => void): () => void {
  const known = [...shared].find((one) => one.client === client && one.site === site);
  const of: Shared = known ?? { client, site, tell: new Set(), last: undefined, stop: () => {} };
  of.tell.add(tell);
  if (of.last !== undefined) tell(of.last);
  if (known === undefined) {
    shared.add(of);
    of.stop = watch((since) => client.live(site, since), (watched) => {
      of.last = watched;
      of.tell.forEach((tell) => tell(watched));
    });
  }
  return () => {
    of.tell.delete(tell);
    if (of.tell.size > 0) return;
    shared.delete(of);
    of.stop();
  };
}

/** Minutes that are looked back on, and those that count as now. */
export const minutesShown = 30;
const minutesNow = 5;

/** What a tracker measures meanwhile is nothing that somebody did. */
const acts: Filters = [['is_not', 'event:name', ['engagement', 'vital', 'resize']]];

function lastMinutes(count: number): [string, string] {
  const now = Date.now();
  const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  return [iso(Math.floor(now / 60_000 - count + 1) * 60_000), iso(now)];
}

/** Visitors of each of the last minutes, as the clocks of the site show them. */
export function useMinutes(site: string, filters: Filters): Live<Answer> {
  return useLive(JSON.stringify([site, filters]), (client, signal) =>
    client.query({ site_id: site, filters, metrics: ['visitors'], date_range: lastMinutes(minutesShown), dimensions: ['time:minute'], include: { time_labels: true } }, signal), minutesEveryMs);
}

/** The visitors of each minute of such an answer, the newest at the end. */
export function perMinute(answer: Answer): { minute: string; visitors: number }[] {
  const known = new Map(answer.results.map(({ dimensions, metrics }) => [dimensions[0], Number(metrics[0])]));
  return (answer.meta.time_labels ?? []).slice(-minutesShown).map((minute) => ({ minute, visitors: known.get(minute) ?? 0 }));
}

export type Lists = Pick<LiveScene, 'pages' | 'sources' | 'countries' | 'devices' | 'events'>;

/** The lists of those visitors whom the filters mean: the socket knows no filters. Without any, nothing is asked. */
export function useFiltered(site: string, filters: Filters): Live<Lists> {
  return useLive(JSON.stringify([site, filters]), filters.length === 0 ? undefined : async (client, signal) => {
    const now = { site_id: site, filters, metrics: ['visitors' as const], date_range: lastMinutes(minutesNow), pagination: { limit: 10 } };
    const list = async (dimension: FilterDimension) => {
      const { results } = await client.query({ ...now, dimensions: [dimension] }, signal);
      return results.map(({ dimensions: [name = ''], metrics: [visitors] }) => ({ name, visitors: Number(visitors) }));
    };
    const [pages, sources, countries, devices, events] = await Promise.all([
      list('event:page'), list('visit:source'), list('visit:country'), list('visit:device'),
      client.report('events', { site_id: site, filters: [...filters, ...acts], date_range: lastMinutes(minutesShown), limit: 60 }, signal),
    ]);
    return { pages, sources, countries, devices, events };
  });
}
