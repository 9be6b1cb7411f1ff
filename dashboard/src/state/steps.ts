// Steps of funnels and starts of journeys, as an address has them.

import type { SavedFunnel, Target } from '../../../edge-collector/api.d.ts';

export type { Target };

/** One page or one event: what a form has. What is saved may be more. */
export type Plain = { page: string } | { event: string };

export function isPlain(target: Target): target is Plain {
  const [[kind, name] = [], ...more] = Object.entries(target);
  return more.length === 0 && (kind === 'page' || kind === 'event') && typeof name === 'string';
}

/** What it is called where it has no name: its event or page, or some of them. */
export const targetName = ({ name, goal, event, page }: Target): string => [name ?? goal ?? event ?? page ?? ''].flat().join(', ');

function isTarget(value: unknown): value is Target {
  return typeof value === 'object' && value !== null && ['page', 'event', 'goal'].some((kind) => kind in value) && targetName(value) !== '';
}

/** Targets out of an address; what is none is left out. */
export function readTargets(text: string | undefined): Target[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter(isTarget) : [];
  } catch {
    return [];
  }
}

/** The steps to an order, as far as the site has them. */
export function shopSteps(events: readonly string[]): Target[] {
  return ['product_view', 'cart_add', 'checkout', 'order'].filter((event) => events.includes(event)).map((event) => ({ event }));
}

/** A funnel as the address has it, under the names of the options there. */
export function asOptions({ steps, by = 'visitor', order = 'ordered', window = '' }: SavedFunnel): Record<'steps' | 'by' | 'order' | 'window', string> {
  return { steps: JSON.stringify(steps), by: by === 'visitor' ? '' : by, order: order === 'ordered' ? '' : order, window };
}

/** Whether both ask the same. */
export function isSame(one: SavedFunnel, other: SavedFunnel): boolean {
  return JSON.stringify(asOptions(one)) === JSON.stringify(asOptions(other));
}
