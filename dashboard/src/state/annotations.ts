// Where annotations stand on a chart: each at the step in which its day or minute is.

import type { Annotation } from '../../../edge-collector/api.d.ts';
import type { Interval } from './dates.ts';

export type Note = { name: string; value: Annotation };
export type Noted = { place: number; notes: Note[] };

/** A day or a minute of the site's clocks, on a clock that is always UTC. */
const momentMs = (at: string) => Date.parse(at.length === 10 ? `${at}T00:00Z` : `${at}Z`);

function endOf(ms: number, interval: Interval): number {
  if (interval !== 'time:month') return ms + { 'time:hour': 1, 'time:day': 24, 'time:week': 168 }[interval] * 3_600_000;
  const first = new Date(ms);
  return Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1);
}

/** The steps that have notes, in their order; `starts` are those of all, in milliseconds. What is outside of them is left out. */
export function notedSteps(notes: readonly Note[], starts: readonly number[], interval: Interval): Noted[] {
  const last = starts.at(-1);
  const found = new Map<number, Note[]>();
  for (const note of [...notes].sort((a, b) => (a.value.at < b.value.at ? -1 : 1))) {
    const ms = momentMs(note.value.at);
    const place = last === undefined || ms >= endOf(last, interval) ? -1 : starts.findLastIndex((start) => start <= ms);
    if (place >= 0) found.set(place, [...(found.get(place) ?? []), note]);
  }
  return [...found].map(([place, notes]) => ({ place, notes })).sort((a, b) => a.place - b.place);
}
