import type { Glue } from './loader/core.ts';
import { makeModule } from './loader/module.ts';

export const {
  init,
  track,
  identify,
  reset,
  viewProduct,
  addToCart,
  removeFromCart,
  checkout,
  order,
  refund,
  page,
  consent,
  optOut,
  optIn,
  flush,
  // Both written out, so that bundlers see them and take the files along.
} = makeModule(() => async (host) => {
  // @ts-ignore: built
  const glue: Glue = await import('./core.js');
  return glue.default(new URL('./core.wasm', import.meta.url).href, host);
});
