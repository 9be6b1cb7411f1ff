// What the site saves by name: asked for once, shared by all that show it, and changed by whoever may.

import { type ComponentChildren, createContext } from 'preact';
import { useContext, useState } from 'preact/hooks';
import type { Saved } from '../../../edge-collector/api.d.ts';
import type { Client } from './client.ts';
import { type Answered, useAnswer, useClient } from './use-answer.tsx';

export type Kind = keyof Saved;
export type Entry<K extends Kind> = Saved[K][number];
export type Definition<K extends Kind> = Entry<K>['value'];

/** Characters of a name and of a text that the collector takes in any script: it counts bytes, 200 and 512. */
export const maxNameLength = 60;
export const maxTextLength = 160;

type Keeping = Answered<Saved> & {
  /** Its segments, once they are known or will not be. */
  segments: Saved['segments'] | undefined;
  /** Whether the key may change it. What stands in the collector's variable is changed there by whoever deploys. */
  mayChange: boolean;
  put: <K extends Kind>(client: Client, kind: K, name: string, value: Definition<K>) => Promise<void>;
  remove: (client: Client, kind: Kind, name: string) => Promise<void>;
};

const Context = createContext<Keeping | undefined>(undefined);

const at = (site: string) => `/api/v1/sites/${encodeURIComponent(site)}/saved`;
const entryAt = (site: string, kind: Kind, name: string) => `${at(site)}/${kind}/${encodeURIComponent(name)}`;

/** To be made anew (`key`) for another site. */
export function SavedProvider({ site, children }: { site: string; children: ComponentChildren }) {
  const { reach } = useClient();
  const answered = useAnswer(site === '' ? undefined : site, async (client, asked, signal) => (await client.get<{ results: Saved }>(at(asked), signal)).results);
  // What was changed here is known here at once; the collector's isolates agree within seconds.
  const [changed, setChanged] = useState<Saved>();
  const value = changed ?? answered.value;
  const change = <K extends Kind>(kind: K, name: string, entries: readonly Entry<K>[]) =>
    setChanged((before = value) => before && { ...before, [kind]: [...before[kind].filter((other) => other.name !== name), ...entries] });
  const keeping: Keeping = {
    ...answered,
    value,
    segments: value?.segments ?? (answered.error && []),
    mayChange: reach === 'admin',
    put: async (client, kind, name, definition) => {
      await client.send('PUT', entryAt(site, kind, name), definition);
      change(kind, name, [{ name, origin: 'api', value: definition } as Entry<typeof kind>]);
    },
    remove: async (client, kind, name) => {
      await client.send('DELETE', entryAt(site, kind, name));
      change(kind, name, []);
    },
  };
  return <Context.Provider value={keeping}>{children}</Context.Provider>;
}

export function useSaved(): Keeping {
  const keeping = useContext(Context);
  if (keeping === undefined) throw new Error('outside of SavedProvider');
  return keeping;
}
