import type { Core } from './loader/core.ts';
import { makeModule } from './loader/module.ts';

// Both written out, so that bundlers see them and take the files along.
export const { init, track, page, identify, flush } = makeModule(() =>
  // @ts-ignore: built
  import('./core.js').then((glue: { default(wasm: string): Promise<Core> }) => glue.default(new URL('./core.wasm', import.meta.url).href)),
);
