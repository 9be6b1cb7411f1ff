/** The core: loads its WebAssembly and joins it with its JavaScript half. */

import { begin, type Host, type Taker, watch } from '../../../sdk-wasm/src/core.ts';
import { instantiate } from './bindgen.ts';

export default async (wasm: string, host: Host): Promise<Taker> => {
  // What it sees is counted without the WebAssembly, too.
  watch(host);
  try {
    // Not streamed: for so few bytes it gains nothing, and any server's content type will do.
    const response = await fetch(wasm);
    const module = await WebAssembly.compile(await response.arrayBuffer());
    return begin((platform) => instantiate(module, platform), host);
  } catch (error) {
    if (host.settings.debug) console.debug('passerby sends JSON, without WebAssembly:', error);
    return host.alone();
  }
};
