// Outcomes as a chart stacks them and as a table lists them.

import type { Outcomes, OutcomesAnswer } from '../../../../../edge-collector/api.d.ts';

export type OutcomeName = keyof Outcomes;

const isRefused = (name: string) => name.startsWith('refused:');
/** What is refused as a matter of course is no fault of the site's. */
const ownKinds: readonly string[] = ['refused:bot', 'refused:limited'];

/** What an event came to, from the ground of the stack up; together that is all that was received. */
export const kinds = ['accepted', 'duplicate', 'bot', 'limited', 'refused'] as const;
export type Kind = (typeof kinds)[number];

export function partsOf(counts: Outcomes): Record<Kind, number> {
  const others = Object.entries(counts).filter(([name]) => isRefused(name) && !ownKinds.includes(name));
  return {
    accepted: counts.accepted ?? 0,
    duplicate: counts.duplicate ?? 0,
    bot: counts['refused:bot'] ?? 0,
    limited: counts['refused:limited'] ?? 0,
    refused: others.reduce((sum, [, count]) => sum + count, 0),
  };
}

/** The counts of some steps of an answer, added up. */
export function totalOf(series: NonNullable<OutcomesAnswer['series']>, labels: readonly string[]): Outcomes {
  const wanted = new Set(labels);
  const total: Record<string, number> = {};
  for (const { date, results } of series) {
    if (!wanted.has(date)) continue;
    for (const [name, count] of Object.entries(results)) total[name] = (total[name] ?? 0) + count;
  }
  return total;
}

/** Of events: they alone add up to what was received. */
export const isOfEvents = (name: string) => name === 'accepted' || name === 'duplicate' || isRefused(name);
