// The settings of the site that is looked at: asked for once, and after a change as the collector answered it.

import { type ComponentChildren, createContext } from 'preact';
import { useContext, useState } from 'preact/hooks';
import type { Site } from '../../../../edge-collector/api.d.ts';
import { readSite } from '../../api/account.ts';
import { type Answered, useAnswer, useClient } from '../../api/use-answer.tsx';
import { isWithin } from '../../state/reach.ts';

type SiteSettings = Answered<Site> & {
  /** The settings after a change. */
  put: (site: Site) => void;
  /** Whether whoever looks may change them. A site of the collector's variable is changed there. */
  canChange: boolean;
};

const Context = createContext<SiteSettings | undefined>(undefined);

/** To be made anew (`key`) for another site. */
export function SiteSettingsProvider({ site, children }: { site: string; children: ComponentChildren }) {
  const { reach } = useClient();
  const isAsked = site !== '' && isWithin('read', reach);
  const answered = useAnswer(isAsked ? site : undefined, (client, asked, signal) => readSite(client, asked, signal));
  const [changed, put] = useState<Site>();
  const value = changed ?? answered.value;
  const canChange = reach === 'admin' && value?.origin === 'api';
  return <Context.Provider value={{ ...answered, value, put, canChange }}>{children}</Context.Provider>;
}

export function useSiteSettings(): SiteSettings {
  const settings = useContext(Context);
  if (settings === undefined) throw new Error('outside of SiteSettingsProvider');
  return settings;
}

/** By whose clocks times of the site are shown. */
export const useZone = () => useSiteSettings().value?.time_zone ?? 'Etc/UTC';
