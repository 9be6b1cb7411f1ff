// How far a key reaches. A key says by its form what it is for; what is not of that form is the Worker's secret, which may
// everything. The collector decides anew with each request: this is only what is shown, so that nobody is offered what would be refused.

import type { TokenAnswer } from '../../../edge-collector/api.d.ts';

export type Reach = TokenAnswer['reach'];

/** From what reaches least on: each may do all that those before it may. */
const reaches: readonly Reach[] = ['look', 'read', 'admin'];

const forms: readonly (readonly [form: RegExp, reach: Reach])[] = [
  [/^passerby_(share|token|ingest)_/, 'look'],
  [/^passerby_read_/, 'read'],
];

export function reachOf(key: string): Reach {
  return forms.find(([form]) => form.test(key))?.[1] ?? 'admin';
}

export function isWithin(needed: Reach, reach: Reach): boolean {
  return reaches.indexOf(needed) <= reaches.indexOf(reach);
}
