/** Options, from an object, from attributes or from a script's query, and what holds where none is given. */

import type { Settings } from '../../../sdk-wasm/src/core.ts';

export const DEFAULT_INTERVAL_MS = 60_000;

/** Addresses are relative to `base`. A list may be a text with commas. */
export const settingsOf = (given: Record<string, any>, base: string): Settings =>
  ({
    ...given,
    endpoint: new URL(given['endpoint'] ?? 'e', base).href,
    interval: +given['interval'] || DEFAULT_INTERVAL_MS,
    params: `${given['params']}`.split(','),
  }) as Settings;
