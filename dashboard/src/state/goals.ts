// Goals as a form has them: a page or an event, perhaps with a property. A saved goal may be more than that.

import type { Target } from '../../../edge-collector/api.d.ts';

export type Goal = { kind: 'page' | 'event'; pattern: string; property: string; value: string };

export function asTarget({ kind, pattern, property, value }: Goal): Target {
  return { [kind]: pattern, ...(property === '' ? {} : { props: { [property]: value } }) };
}

/** The goal as the form has it; nothing where it is more than that. */
export function asGoal(target: Target): Goal | undefined {
  const { page, event, props = {}, ...more } = target;
  const pattern = page ?? event;
  const [[property, value] = ['', ''], ...others] = Object.entries(props);
  const isPlain = (page === undefined) !== (event === undefined) && Object.keys(more).length === 0 && others.length === 0;
  if (!isPlain || typeof pattern !== 'string' || typeof value !== 'string') return undefined;
  return { kind: page === undefined ? 'event' : 'page', pattern, property, value };
}
