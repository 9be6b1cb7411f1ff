/** In place of core.ts where all is one file. */

// @ts-ignore: built
import start from '../../dist/core.js';
// @ts-ignore: built
import wasm from '../../dist/core.wasm';
import type { Begin } from './core.ts';

export const loadFrom = (): Begin => (host) => start(wasm, host);
