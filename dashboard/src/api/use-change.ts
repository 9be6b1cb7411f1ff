// A change that is asked for by a press: one at a time, and why the last one was refused.

import { useState } from 'preact/hooks';
import type { Client } from './client.ts';
import { useClient } from './use-answer.tsx';

export type Changing = {
  isBusy: boolean;
  /** Why the last change was not made. */
  error: Error | undefined;
  /** Makes a change; what it is to lead to stands at its end, and does not happen where it is refused. */
  run: (change: (client: Client) => Promise<void>) => void;
};

export function useChange(): Changing {
  const client = useClient();
  const [state, setState] = useState<{ isBusy: boolean; error: Error | undefined }>({ isBusy: false, error: undefined });
  async function run(change: (client: Client) => Promise<void>) {
    if (state.isBusy) return;
    setState({ isBusy: true, error: undefined });
    try {
      await change(client);
      setState({ isBusy: false, error: undefined });
    } catch (error) {
      setState({ isBusy: false, error: error instanceof Error ? error : new Error(String(error)) });
    }
  }
  return { ...state, run: (change) => void run(change) };
}
