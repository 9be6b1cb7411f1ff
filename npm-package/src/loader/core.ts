import type { Host, Taker } from '../../../sdk-wasm/src/core.ts';

/** Begins the core. */
export type Begin = (host: Host) => Promise<Taker>;

/** `core.js`. */
export type Glue = { default(wasm: string, host: Host): Promise<Taker> };

/** Loads the core's two files from one place, which ends with a slash. */
export const loadFrom = (base: string): Begin => async (host) => {
  const glue: Glue = await import(/* webpackIgnore: true */ /* @vite-ignore */ base + 'core.js');
  return glue.default(base + 'core.wasm', host);
};
