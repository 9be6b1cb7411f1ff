import type { Page } from './entry.ts';

/** The core's functions, as `sdk-wasm/src/exports.rs` has them. */
export type Core = {
  start(settings: object): void;
  page(at: number, trigger: number, page: Page): void;
  click(at: number, event: MouseEvent): void;
  track(at: number, name: string, props: unknown): void;
  identify(at: number, user: string, traits: unknown): void;
  flush(): void;
};

type Glue = { default(wasm: URL | string): Promise<Core> };

/** Loads the core's two files from one place, which ends with a slash. */
export const loadFrom = (base: string): Promise<Core> =>
  import(/* webpackIgnore: true */ /* @vite-ignore */ base + 'core.js').then((glue: Glue) => glue.default(base + 'core.wasm'));
