/** The core: loads its WebAssembly and joins it with its JavaScript half. */

import { begin, type Context, type Entry, type Settings } from '../../../sdk-wasm/src/core.ts';
import { instantiate } from './bindgen.ts';

// Not streamed: for so few bytes it gains nothing, and any server's content type will do.
export default async (wasm: string, settings: Settings, context: Context): Promise<(entry: Entry) => void> => {
  const response = await fetch(wasm);
  return begin(instantiate(await WebAssembly.compile(await response.arrayBuffer())), settings, context);
};
