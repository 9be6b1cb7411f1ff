import type { Glue } from './loader/core.ts';
import { makeModule } from './loader/module.ts';

// Both written out, so that bundlers see them and take the files along.
export const { init, track, page, identify, flush } = makeModule(() => async (...begin) => {
  // @ts-ignore: built
  const glue: Glue = await import('./core.js');
  return glue.default(new URL('./core.wasm', import.meta.url).href, ...begin);
});
