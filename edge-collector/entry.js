// The Worker's entry: what the SDK generates, but each request is one call. The SDK makes an object and half a dozen proxies for
// each request, to begin anew after a panic; that was 3 of 100 samples under load (perf), and is needed after a panic alone.

import Generated from './index.js';

export { Directory, Hub, Shard, Site } from './index.js';

// The SDK's note whether the program has panicked: it is set wherever the program is entered.
const state = globalThis.__worker_init_state;
const { fetch } = Generated.prototype;

export default {
  fetch(request, env, ctx) {
    return state.criticalError ? new Generated(ctx, env).fetch(request) : fetch.call({ env, ctx }, request);
  },
};
