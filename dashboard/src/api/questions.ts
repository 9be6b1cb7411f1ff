// What every question has in common: the site, the dates and the filters of what is looked at.

import type { DateRange, Filter, Filters, Query } from '../../../edge-collector/api.d.ts';
import { asDateRange } from '../state/dates.ts';
import { asFilters } from '../state/filters.ts';
import type { Place } from '../state/place.ts';

export type Scope = { site_id: string; date_range: DateRange; filters: Filters };

export function scopeOf(place: Place, more: readonly Filter[] = []): Scope {
  return { site_id: place.site, date_range: asDateRange(place.range), filters: [...asFilters(place.filters), ...more] };
}

/** The part of a question that asks for what it is compared with. */
export function comparisonOf(place: Place): Pick<Query, 'include'> {
  return place.compare === 'none' ? {} : { include: { comparisons: { mode: place.compare } } };
}
