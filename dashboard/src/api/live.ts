// What happens now. It is asked for every few seconds while the page is seen; the views know only `useLive`, so that a socket can
// take its place.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Answer, Filters, RecentEvent } from '../../../edge-collector/api.d.ts';
import type { Client } from './client.ts';
import { useClient } from './use-answer.tsx';

export type Live<T> = { value: T | undefined; isConnected: boolean };

/** How often is asked. */
const everyMs = 5000;
/** How long an answer may take. */
const patienceMs = 10_000;

/** Asks again and again, one question at a time, until the returned function is called. */
function watch<T>(ask: (signal: AbortSignal) => Promise<T>, onChange: (state: { value?: T; isConnected: boolean }) => void): () => void {
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

/** What `ask` answers now. `about` is all that the question rests on. */
function useLive<T>(about: string, ask: (client: Client, signal: AbortSignal) => Promise<T>): Live<T> {
  const client = useClient();
  const current = useRef(ask);
  current.current = ask;
  const [state, setState] = useState<Live<T>>({ value: undefined, isConnected: true });
  useEffect(() => {
    setState({ value: undefined, isConnected: true });
    return watch((signal) => current.current(client, signal), (next) => setState((last) => ({ ...last, ...next })));
  }, [client, about]);
  return state;
}

/** How many visitors there are. */
export function useCurrentVisitors(site: string): Live<number> {
  return useLive(site, (client, signal) => client.currentVisitors(site, signal));
}

export type Scene = {
  /** Visitors of each of the last 30 minutes, as the clocks of the site show them. */
  minutes: Answer;
  pages: Answer;
  sources: Answer;
  countries: Answer;
  events: RecentEvent[];
};

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

export function useScene(site: string, filters: Filters): Live<Scene> {
  return useLive(JSON.stringify([site, filters]), async (client, signal) => {
    const question = { site_id: site, filters, metrics: ['visitors' as const] };
    const now = { ...question, date_range: lastMinutes(minutesNow), pagination: { limit: 10 } };
    const [minutes, pages, sources, countries, events] = await Promise.all([
      client.query({ ...question, date_range: lastMinutes(minutesShown), dimensions: ['time:minute'], include: { time_labels: true } }, signal),
      client.query({ ...now, dimensions: ['event:page'] }, signal),
      client.query({ ...now, dimensions: ['visit:source'] }, signal),
      client.query({ ...now, dimensions: ['visit:country'] }, signal),
      client.report('events', { site_id: site, filters: [...filters, ...acts], date_range: lastMinutes(minutesShown), limit: 60 }, signal),
    ]);
    return { minutes, pages, sources, countries, events };
  });
}
