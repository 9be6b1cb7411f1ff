// Sites, their keys and what became of what was sent to them: the collector's API beside the reports.

import type {
  Change, Key, MadeKey, NewKey, NewSite, NewSiteKey, OutcomesAnswer, RejectsAnswer, Site, SiteChange, StorageAnswer,
} from '../../../edge-collector/api.d.ts';
import type { Client } from './client.ts';

const sites = '/api/v1/sites';
const at = (site: string) => `${sites}/${encodeURIComponent(site)}`;
const about = (name: string, site: string, more: Record<string, string> = {}) => `/api/v1/${name}?${new URLSearchParams({ site_id: site, ...more })}`;

async function list<T>(client: Client, path: string, signal: AbortSignal): Promise<T[]> {
  return (await client.get<{ results: T[] }>(path, signal)).results;
}

export const readSites = (client: Client, signal: AbortSignal) => list<Site>(client, sites, signal);
export const readSite = (client: Client, site: string, signal: AbortSignal) => client.get<Site>(at(site), signal);
export const makeSite = (client: Client, site: NewSite) => client.send<Site>('POST', sites, site);
export const changeSite = (client: Client, site: string, change: SiteChange) => client.send<Site>('PATCH', at(site), change);
export const deleteSite = (client: Client, site: string) => client.send<unknown>('DELETE', at(site));

/** Whose keys, and whose log: a site's by its name, else the account's. */
export type Owner = string | undefined;
const owned = (owner: Owner, what: 'keys' | 'audit') => (owner === undefined ? `/api/v1/${what}` : `${at(owner)}/${what}`);

export const readKeys = (client: Client, owner: Owner, signal: AbortSignal) => list<Key>(client, owned(owner, 'keys'), signal);
export const makeKey = (client: Client, owner: Owner, key: NewKey | NewSiteKey) => client.send<MadeKey>('POST', owned(owner, 'keys'), key);
export const revokeKey = (client: Client, owner: Owner, id: string) => client.send<undefined>('DELETE', `${owned(owner, 'keys')}/${encodeURIComponent(id)}`);
export const readLog = (client: Client, owner: Owner, signal: AbortSignal) => list<Change>(client, owned(owner, 'audit'), signal);

/** Days by the site's calendar, with a comma between the first and the last. */
export type OutcomeSteps = { period: 'custom'; date: string; interval: 'minute' | 'hour' | 'day' };

export const readOutcomes = (client: Client, site: string, steps: OutcomeSteps, signal: AbortSignal) => client.get<OutcomesAnswer>(about('outcomes', site, steps), signal);
export const readRejects = (client: Client, site: string, signal: AbortSignal) => client.get<RejectsAnswer>(about('rejects', site), signal);
export const readStorage = (client: Client, site: string, signal: AbortSignal) => client.get<StorageAnswer>(about('storage', site), signal);

/** How many requests named a site that there is not, today. They belong to no site. */
export async function readUnknownSites(client: Client, signal: AbortSignal): Promise<number> {
  const { results } = await client.get<OutcomesAnswer>('/api/v1/outcomes?period=day', signal);
  return results['request:unknown_site'] ?? 0;
}
