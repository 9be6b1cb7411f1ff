// The way into the core: one function, as on.rs has it.

export type Core = (what: number, at: number, texts: string, numbers: Float64Array) => void;

/** Tells the core what happened, now if not else said. Texts that are missing are empty. */
export type Tell = (what: number, texts?: readonly unknown[], numbers?: readonly number[], at?: number) => void;

/** Nothing that goes wrong in the core gets out of here. */
export const teller = (core: Core): Tell => (what, texts = [], numbers = [], at = performance.now()) => {
  try {
    // U+0000 separates texts, so none may hold it.
    core(what, at, texts.map((text) => `${text ?? ''}`.replace(/\0/g, '')).join('\0'), new Float64Array(numbers));
  } catch {}
};
