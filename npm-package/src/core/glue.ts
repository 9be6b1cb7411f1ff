/** The core: loads its WebAssembly and joins it with its JavaScript half. */

import { begin, type Host, type Taker, watch } from '../../../sdk-wasm/src/core.ts';
import { pause } from '../../../sdk-wasm/src/capture/watch.ts';
import { instantiate } from './bindgen.ts';

/** The hash that the WebAssembly must have, as Subresource Integrity writes it. */
declare const INTEGRITY: string;

const start = async (wasm: string | BufferSource, host: Host): Promise<Taker> => {
  // What it sees is counted without the WebAssembly, too.
  await watch(host);
  try {
    // Not streamed: for so few bytes it gains nothing, and any server's content type will do.
    const bytes = typeof wasm === 'string' ? await (await fetch(wasm, { integrity: INTEGRITY })).arrayBuffer() : wasm;
    const module = await WebAssembly.compile(bytes);
    await pause();
    return await begin((platform) => instantiate(module, platform), host);
  } catch (error) {
    if (host.settings.debug) console.debug('passerby sends JSON, without WebAssembly:', error);
    return host.alone();
  }
};

/** The build puts the version in its place. */
const besides = (base: string, host: Host): Promise<Taker> => start(`${base}core.wasm?VERSION`, host);

export { start as default, besides as VERSION };
