// A question that follows what is looked at: asked again when it changes, and called off when nobody waits for it.

import { type ComponentChildren, createContext } from 'preact';
import { useContext, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { Client } from './client.ts';

const Context = createContext<Client | undefined>(undefined);

export function ClientProvider({ client, children }: { client: Client; children: ComponentChildren }) {
  return <Context.Provider value={client}>{children}</Context.Provider>;
}

export function useClient(): Client {
  const client = useContext(Context);
  if (client === undefined) throw new Error('outside of ClientProvider');
  return client;
}

export type Answered<T> = {
  /** The last answer; while `isStale`, to an earlier question. */
  value: T | undefined;
  error: Error | undefined;
  isStale: boolean;
  retry: () => void;
};

/** Asks again whatever failed of answers that are shown together. */
export function retryFailed(answers: readonly Answered<unknown>[]): void {
  for (const { error, retry } of answers) if (error !== undefined) retry();
}

/** An answer whose question rests on others: while one of them failed, this cannot be asked, and it is those which are asked again. */
export function after<T>(others: readonly Answered<unknown>[], answered: Answered<T>): Answered<T> {
  const error = others.find(({ error }) => error !== undefined)?.error;
  return error === undefined ? answered : { ...answered, error, retry: () => retryFailed(others) };
}

/**
 * Asks and waits for the answer. `question` is all that the answer rests on; when it changes, it is asked anew and what is under
 * way is called off. `undefined` asks nothing.
 */
export function useAnswer<Q, T>(question: Q | undefined, ask: (client: Client, question: Q, signal: AbortSignal) => Promise<T>): Answered<T> {
  const client = useClient();
  const [attempt, again] = useReducer((count: number, _: null) => count + 1, 0);
  const [state, setState] = useState<{ key: string; value: T | undefined; error: Error | undefined }>();
  const current = useRef({ question, ask });
  current.current = { question, ask };
  const key = question === undefined ? '' : `${attempt} ${JSON.stringify(question)}`;
  // Before the frame is painted: the answer is what takes longest.
  useLayoutEffect(() => {
    const { question, ask } = current.current;
    if (question === undefined) return undefined;
    const controller = new AbortController();
    const settle = (value: T | undefined, error: Error | undefined) => {
      if (!controller.signal.aborted) setState({ key, value, error });
    };
    ask(client, question, controller.signal).then(
      (value) => settle(value, undefined),
      (error: unknown) => settle(undefined, error instanceof Error ? error : new Error(String(error))),
    );
    return () => controller.abort();
  }, [client, key]);
  const isStale = question !== undefined && state?.key !== key;
  return { value: state?.value, error: isStale ? undefined : state?.error, isStale, retry: () => again(null) };
}
