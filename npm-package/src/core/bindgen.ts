/**
 * What wasm-bindgen's own glue does, for the handful of functions that this core imports and exports: a fifth of its
 * size. Names beginning with `__` are those that wasm-bindgen gave, less their hashes; the build gives both sides short
 * ones, and stops where the core has a name that is not here, or the reverse (join-core.mjs).
 */

import type { Platform } from '../../../sdk-wasm/src/platform/page.js';
import type { Core } from '../../../sdk-wasm/src/tell.ts';

/** A Rust closure as a function. */
type Closure = { (): void; drop(): void };

type Exports = {
  __memory: WebAssembly.Memory;
  __malloc(bytes: number, align: number): number;
  /** Frees texts and numbers. */
  __on(what: number, at: number, text: number, textBytes: number, numbers: number, count: number): void;
  __invoke(data: number, vtable: number): void;
  __destroy_closure(data: number, vtable: number): void;
};

export const instantiate = (module: WebAssembly.Module, { clock, wake, post, settled }: Platform): Core => {
  // Anew at each use: memory that grows is another buffer.
  const memory = (at: number, length?: number) => new Uint8Array(wasm.__memory.buffer, at, length);
  const pass = (bytes: Uint8Array, align: number) => {
    const at = wasm.__malloc(bytes.length, align);
    memory(at).set(bytes);
    return at;
  };

  const imports = {
    __clock: clock,
    __wake: wake,
    __settled: settled,
    __post: (id: number, keepalive: number, events: number, at: number, length: number) =>
      post(id, !!keepalive, events, memory(at, length)),
    __now: Date.now,
    // As arrows: a page may replace them later, and they want to be called on the window.
    __setTimeout: (call: Closure, ms: number) => setTimeout(call, ms),
    __clearTimeout: (id: number) => clearTimeout(id),
    // Never dropped while it runs (see `wake`), so nobody need count its callers.
    __closure: (data: number, vtable: number) => {
      const call = () => wasm.__invoke(data, vtable);
      call.drop = () => wasm.__destroy_closure(data, vtable);
      return call;
    },
    __cb_unref: (closure: Closure) => closure.drop(),
    __throw: (at: number, length: number) => {
      throw Error(new TextDecoder().decode(memory(at, length)));
    },
  };
  const wasm = new WebAssembly.Instance(module, { __imports: imports }).exports as Exports;

  return (what, at, texts, numbers) => {
    const text = new TextEncoder().encode(texts);
    wasm.__on(what, at, pass(text, 1), text.length, pass(new Uint8Array(numbers.buffer), 8), numbers.length);
  };
};
