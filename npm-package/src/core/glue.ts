/** The core's JavaScript half: what wasm-bindgen generated, less what a page has no use for. */

// @ts-ignore: generated
import { initSync, start, page, click, track, identify, flush } from '#bindgen';

// Not streamed: for so few bytes it gains nothing, and any server's content type will do.
export default async (wasm: string): Promise<object> => {
  const response = await fetch(wasm);
  initSync({ module: await WebAssembly.compile(await response.arrayBuffer()) });
  return { start, page, click, track, identify, flush };
};
