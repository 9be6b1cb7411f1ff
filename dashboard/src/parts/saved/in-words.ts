// What is saved, in words.

import type { Filter, Filters, SavedFunnel, Target } from '../../../../edge-collector/api.d.ts';
import { isCondition } from '../../state/filters.ts';
import { targetName } from '../../state/steps.ts';
import { valueName } from '../../text/format.ts';
import { say, text } from '../../text/index.ts';
import { inWords } from '../conditions.tsx';
import { windowInWords } from './windows.ts';

const words = text.saved;
const list = (values: unknown) => [values].flat().join(` ${text.filters.or} `);

/** A filter as its chip has it, or made of such; one that no chip can show as the API has it. */
function filterInWords(filter: Filter): string {
  if (isCondition(filter)) return inWords(filter);
  const [operator, operand] = filter;
  if (operator === 'and' || operator === 'or') return `(${(operand as Filters).map(filterInWords).join(` ${text.filters[operator]} `)})`;
  if (operator === 'not' || operator === 'has_done' || operator === 'has_not_done') return say(words[operator], { filter: filterInWords(operand as Filter) });
  return JSON.stringify(filter);
}

export const filtersInWords = (filters: Filters) => filters.map(filterInWords);

export function targetInWords({ page, event, goal, props = {}, filters = [] }: Target): string[] {
  const named = (title: string, value: unknown) => (value === undefined ? [] : [`${title} ${text.filters.is} ${list(value)}`]);
  const events = event === undefined ? undefined : [event].flat().map((name) => valueName('event:name', name));
  const ofProps = Object.entries(props).flatMap(([key, value]) => named(say(text.filters.property, { key }), value));
  return [...named(text.dimensions['event:name'], events), ...named(text.dimensions['event:page'], page), ...named(text.dimensions['event:goal'], goal), ...ofProps, ...filtersInWords(filters)];
}

/** Its steps, and what holds of all of them. */
export function funnelInWords({ steps, by, order, window }: SavedFunnel): string[] {
  const { behaviour } = text;
  const way = steps.map((step) => valueName('event:name', targetName(step))).join(' → ');
  return [
    way,
    ...(by === 'session' ? [behaviour.bySession] : []),
    ...(order === 'strict' ? [behaviour.strict] : []),
    ...(window === undefined ? [] : [windowInWords(window)]),
  ];
}
