// Who is there now. Asked every few seconds while the page is seen; the views know only `watch`, so that a socket can take its
// place.

import { useEffect, useState } from 'preact/hooks';
import type { Client } from './client.ts';
import { useClient } from './use-answer.tsx';

export type LiveState = { visitors: number | undefined; isConnected: boolean };

/** How often is asked. */
const everyMs = 5000;
/** How long an answer may take. */
const patienceMs = 10_000;

/** Tells who is there, again and again, until the returned function is called. */
export function watch(client: Client, site: string, onChange: (state: LiveState) => void): () => void {
  const stop = new AbortController();
  let visitors: number | undefined;
  let timer: ReturnType<typeof setTimeout>;
  async function ask() {
    clearTimeout(timer);
    try {
      visitors = await client.currentVisitors(site, AbortSignal.any([stop.signal, AbortSignal.timeout(patienceMs)]));
      onChange({ visitors, isConnected: true });
    } catch {
      if (stop.signal.aborted) return;
      onChange({ visitors, isConnected: false });
    }
    if (document.visibilityState === 'visible') timer = setTimeout(() => void ask(), everyMs);
  }
  const onVisible = () => document.visibilityState === 'visible' && void ask();
  document.addEventListener('visibilitychange', onVisible, { signal: stop.signal });
  void ask();
  return () => {
    stop.abort();
    clearTimeout(timer);
  };
}

export function useLive(site: string): LiveState {
  const client = useClient();
  const [state, setState] = useState<LiveState>({ visitors: undefined, isConnected: true });
  useEffect(() => watch(client, site, setState), [client, site]);
  return state;
}
