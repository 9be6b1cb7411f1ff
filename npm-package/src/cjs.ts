import { loadFrom } from './loader/core.ts';
import { makeModule } from './loader/module.ts';

// CommonJS cannot say where its own files are, so they come from beside the collector's endpoint.
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
} = makeModule((endpoint) => loadFrom(new URL('.', endpoint).href));
