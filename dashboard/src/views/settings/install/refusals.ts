// Refused events by reason, for whoever wonders where theirs are.

import type { Reject } from '../../../../../edge-collector/api.d.ts';

export type Refused = {
  reason: Reject['reason'];
  count: number;
  lastMs: number;
  /** Hosts whose pages they happened on, as far as they say so. */
  hosts: readonly string[];
};

/** The event is JSON, and cut where it is long: so it is searched and not parsed. Page views alone name a host. */
function hostOf(event: string): string | undefined {
  const [, host] = /"pageview":\{[^{}]*?"host":("(?:[^"\\]|\\.)+")/.exec(event) ?? [];
  return host === undefined ? undefined : (JSON.parse(host) as string);
}

/** The most frequent reason first. */
export function byReason(rejects: readonly Reject[]): Refused[] {
  const found = new Map<string, Refused>();
  for (const { reason, at_ms, event } of rejects) {
    const before = found.get(reason) ?? { reason, count: 0, lastMs: 0, hosts: [] };
    const host = hostOf(event);
    const hosts = host === undefined || before.hosts.includes(host) ? before.hosts : [...before.hosts, host];
    found.set(reason, { reason, count: before.count + 1, lastMs: Math.max(before.lastMs, at_ms), hosts });
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

/** Whether a site with these hosts counts pages of one: as the collector's own rule has it. */
export function countsHost(hosts: readonly string[], host: string): boolean {
  const lower = host.toLowerCase();
  return hosts.some((pattern) => {
    const known = pattern.toLowerCase();
    return known === '*' || known === lower || (known.startsWith('*.') && (lower === known.slice(2) || lower.endsWith(known.slice(1))));
  });
}

/** The hosts of a site that is to count pages of one more. Without any it counts all but a developer's own machine: one alone would shut out the others. */
export const withHost = (hosts: readonly string[], host: string): string[] => (hosts.length === 0 ? ['*'] : [...hosts, host]);
