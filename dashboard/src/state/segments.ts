// Segments: filters that the site saves by name. One filter names one of them, so that whoever opens the address sees what it is then.

import type { Filter, Filters, Saved } from '../../../edge-collector/api.d.ts';
import { type Condition, asFilters, isCondition, segment } from './filters.ts';

type Segments = Saved['segments'];

/** The segments that are filtered by. */
export const segmentsOf = (conditions: readonly Condition[]) => conditions.flatMap(([, dimension, values]) => (dimension === segment ? values : []));

/** The conditions as a new segment saves them: no segment is made of others, so it has what they have. */
export function asSegment(conditions: readonly Condition[], segments: Segments): Filters {
  const filtersOf = (name: string): Filters => segments.find((known) => known.name === name)?.value ?? [];
  return conditions.flatMap((condition): Filter[] => {
    const [, dimension, names] = condition;
    if (dimension !== segment) return asFilters([condition]);
    const [only, ...others] = names;
    return only === undefined || others.length > 0 ? [['or', names.map((name): Filter => ['and', filtersOf(name)])]] : filtersOf(only);
  });
}

/** A segment's filters as chips; nothing where they are more than chips can show. */
export function asConditions(filters: Filters): Condition[] | undefined {
  const all: unknown[] = filters;
  return all.every(isCondition) ? all : undefined;
}

/** Whether single pages are filtered by, of which metrics of whole visits tell nothing; `undefined` while a segment is not known yet. */
export function isByPage(conditions: readonly Condition[], segments: Segments | undefined): boolean | undefined {
  const names = segmentsOf(conditions);
  if (names.length > 0 && segments === undefined) return undefined;
  const ofSegments = (segments ?? []).filter(({ name }) => names.includes(name)).flatMap(({ value }) => value);
  return asFilters(conditions).concat(ofSegments).some(namesPage);
}

/** What else was done in a visit says nothing about the page. */
function namesPage([operator, operand]: Filter): boolean {
  if (operator === 'has_done' || operator === 'has_not_done') return false;
  if (operator === 'not') return namesPage(operand as Filter);
  return operator === 'and' || operator === 'or' ? (operand as Filters).some(namesPage) : operand === 'event:page';
}
