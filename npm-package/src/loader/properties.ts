/** Properties of the site's own events. */

import type { Props } from '../../../sdk-wasm/src/capture/custom.ts';

/** As they are now, and only what the contract has: one wrong property would cost the whole batch. */
export const properties = (given: unknown): Props => {
  const kept: Props = {};
  for (const key of Object.keys(given ?? {})) {
    try {
      const value = (given as Record<string, any>)[key];
      if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) kept[key] = value;
      else if (Number.isInteger(value.amount_minor) && /^[A-Z]{3}$/.test(value.currency)) {
        kept[key] = { amount_minor: value.amount_minor, currency: value.currency };
      }
    } catch {
      // One that cannot be read is none.
    }
  }
  return kept;
};
