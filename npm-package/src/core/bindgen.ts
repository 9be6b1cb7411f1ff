/**
 * What wasm-bindgen's own glue does, for the handful of functions that this core imports and exports: a fifth of its
 * size. Names beginning with `__` are those that wasm-bindgen gave, less their hashes; the build gives both sides short
 * ones, and stops where the core has a name that is not here, or the reverse (join-core.mjs).
 */

import { pause } from '../../../sdk-wasm/src/capture/watch.ts';
import type { Platform } from '../../../sdk-wasm/src/platform/page.js';
import type { Core } from '../../../sdk-wasm/src/tell.ts';

type Exports = {
  __memory: WebAssembly.Memory;
  __malloc(bytes: number, align: number): number;
  /** Frees texts and numbers. */
  __on(what: number, at: number, text: number, textBytes: number, numbers: number, count: number): void;
};

export const instantiate = async (module: WebAssembly.Module, { clock, wakeIn, post, settled }: Platform): Promise<Core> => {
  // Anew at each use: memory that grows is another buffer.
  const memory = (at: number, length?: number) => new Uint8Array(wasm.__memory.buffer, at, length);
  const pass = (bytes: Uint8Array, align: number) => {
    const at = wasm.__malloc(bytes.length, align);
    memory(at).set(bytes);
    return at;
  };

  const imports = {
    __clock: clock,
    __wakeIn: wakeIn,
    __settled: settled,
    __post: (id: number, keepalive: number, events: number, at: number, length: number) =>
      post(id, !!keepalive, events, memory(at, length)),
    __now: Date.now,
  };
  const { exports } = await WebAssembly.instantiate(module, { __imports: imports });
  const wasm = exports as Exports;
  await pause();

  return (what, at, texts, numbers) => {
    const text = new TextEncoder().encode(texts);
    wasm.__on(what, at, pass(text, 1), text.length, pass(new Uint8Array(numbers.buffer), 8), numbers.length);
  };
};
