import type { Host, Taker } from '../../../sdk-wasm/src/core.ts';

/** Begins the core. */
export type Begin = (host: Host) => Promise<Taker>;

/** `core.js`. */
export type Glue = {
  /** Begins the core with the WebAssembly at this address, or with these bytes. */
  default(wasm: string | BufferSource, host: Host): Promise<Taker>;
  /** With what lies beside it, under the name of its version, so that no loader starts a core of another one. */
  [version: string]: (base: string & BufferSource, host: Host) => Promise<Taker>;
};

/** The version of the core that this loader was built with: a hash of its files. */
declare const CORE: string;

/** Loads the core's two files from one place, which ends with a slash. */
export const loadFrom = (base: string): Begin => async (host) => {
  // The query keeps caches from mixing versions.
  const glue: Glue = await import(/* webpackIgnore: true */ /* @vite-ignore */ `${base}core.js?${CORE}`);
  return glue[CORE]!(base as string & BufferSource, host);
};
