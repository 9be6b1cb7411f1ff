// What is looked at, and how it stands in the address: whoever opens the address sees the same.

import { type Comparison, type Range, comparisons, readRange, writeRange } from './dates.ts';
import { type Condition, readCondition } from './filters.ts';

export const views = ['overview', 'behaviour', 'commerce', 'live', 'settings'] as const;
export type ViewName = (typeof views)[number];

export type Place = {
  site: string;
  view: ViewName;
  range: Range;
  compare: Comparison;
  filters: readonly Condition[];
  /** What else a view lets choose, by names of its own: a tab, a metric, a funnel's steps. */
  options: Readonly<Record<string, string>>;
};

export const start: Place = { site: '', view: 'overview', range: '28d', compare: 'previous_period', filters: [], options: {} };

const own = new Set(['site', 'view', 'range', 'compare', 'filter']);

/** Reads an address's query. What it cannot say is as at the start. */
export function readPlace(search: string): Place {
  const query = new URLSearchParams(search);
  const options = [...query].filter(([name]) => !own.has(name));
  return {
    site: query.get('site') ?? start.site,
    view: views.find((view) => view === query.get('view')) ?? start.view,
    range: readRange(query.get('range')) ?? start.range,
    compare: comparisons.find((comparison) => comparison === query.get('compare')) ?? start.compare,
    filters: query.getAll('filter').map(readCondition).filter((condition) => condition !== undefined),
    options: Object.fromEntries(options),
  };
}

/** The address's query; it leaves out what is as at the start. */
export function writePlace(place: Place): string {
  const query = new URLSearchParams();
  if (place.site !== '') query.set('site', place.site);
  if (place.view !== start.view) query.set('view', place.view);
  if (place.range !== start.range) query.set('range', writeRange(place.range));
  if (place.compare !== start.compare) query.set('compare', place.compare);
  for (const condition of place.filters) query.append('filter', JSON.stringify(condition));
  for (const [name, value] of Object.entries(place.options)) if (value !== '') query.set(name, value);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
