import type { Context, Entry, Settings } from '../../../sdk-wasm/src/core.ts';

/** Begins the core; it takes entries from then on. */
export type Begin = (settings: Settings, context: Context) => Promise<(entry: Entry) => void>;

/** `core.js`. */
export type Glue = { default(wasm: string, ...begin: Parameters<Begin>): ReturnType<Begin> };

/** Loads the core's two files from one place, which ends with a slash. */
export const loadFrom = (base: string): Begin => async (...begin) => {
  const glue: Glue = await import(/* webpackIgnore: true */ /* @vite-ignore */ base + 'core.js');
  return glue.default(base + 'core.wasm', ...begin);
};
