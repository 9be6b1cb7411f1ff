// Filters as chips show them: one operator, one dimension, some values. A subset of the API's own form.

import type { Filter, FilterDimension } from '../../../edge-collector/api.d.ts';

export const operators = ['is', 'is_not', 'contains', 'contains_not'] as const;
export type Operator = (typeof operators)[number];
export type Condition = readonly [operator: Operator, dimension: FilterDimension | typeof segment, values: readonly string[]];

/** What stands in a dimension's place where the values are names of segments. */
export const segment = 'segment';

/** The dimensions that the dashboard offers to filter by, in the order of its menu. */
export const dimensions = [
  'event:page', 'visit:entry_page', 'visit:exit_page', 'visit:channel', 'visit:source', 'visit:referrer',
  'visit:utm_source', 'visit:utm_medium', 'visit:utm_campaign', 'visit:utm_content', 'visit:utm_term',
  'visit:country', 'visit:region', 'visit:city', 'visit:language',
  'visit:device', 'visit:screen', 'visit:browser', 'visit:browser_version', 'visit:os', 'visit:os_version',
  'event:goal', 'event:name', 'event:hostname',
] as const satisfies readonly FilterDimension[];
export type KnownDimension = (typeof dimensions)[number];

const property = 'event:props:';

export function isKnown(dimension: string): dimension is KnownDimension {
  return (dimensions as readonly string[]).includes(dimension);
}

/** The key of a dimension that is a custom property of events. */
export function propertyKey(dimension: string): string | undefined {
  return dimension.startsWith(property) && dimension.length > property.length ? dimension.slice(property.length) : undefined;
}

export function ofProperty(key: string): FilterDimension {
  return `${property}${key}` as FilterDimension;
}

/** A condition out of an address, or nothing: an address may have been made by anybody. */
export function readCondition(text: string): Condition | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isCondition(value) ? value : undefined;
}

export function isCondition(value: unknown): value is Condition {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [operator, dimension, values] = value as unknown[];
  if (!operators.some((known) => known === operator) || typeof dimension !== 'string') return false;
  if (dimension === segment ? operator !== 'is' : !isKnown(dimension) && propertyKey(dimension) === undefined) return false;
  return Array.isArray(values) && values.length > 0 && values.every((item) => typeof item === 'string');
}

/** The conditions with one more. `is` on the same dimension takes the place of an earlier `is`. */
export function withCondition(conditions: readonly Condition[], added: Condition): Condition[] {
  const [operator, dimension] = added;
  const rest = conditions.filter(([its, of]) => !(its === operator && of === dimension));
  return [...rest, added];
}

export function isFilteredBy(conditions: readonly Condition[], dimension: Condition[1], value: string): boolean {
  return conditions.some(([operator, of, values]) => operator === 'is' && of === dimension && values.includes(value));
}

/** The conditions as a question has them. */
export function asFilters(conditions: readonly Condition[]): Filter[] {
  return conditions.map(([operator, dimension, values]) => (dimension === segment ? ['is', dimension, [...values]] : [operator, dimension, [...values]]));
}
