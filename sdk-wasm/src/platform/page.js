// The page's side of platform/: what the core calls. Nothing in here runs code of the page's own before it returns, for
// that could call the core, which is busy; and nothing throws. Its types are in page.d.ts.

// `told` is told of timers and results.
export const platform = (told, { endpoint, debug }) => {
  let timer;
  return {
    clock: () => performance.now(),

    wakeIn(delay) {
      clearTimeout(timer);
      timer = setTimeout(told.wake, delay);
    },

    // `text/plain` and no credentials: so the browser asks the collector for no permission first (no preflight), and sends no
    // cookie.
    async post(id, keepalive, events, bytes) {
      let result = [0];
      try {
        // The bytes are a view of the core's memory, which moves on.
        const body = bytes.slice();
        await 0;
        if (debug) console.debug('passerby sent batch', events, body.length);
        const response = await fetch(endpoint, {
          method: 'POST',
          body,
          keepalive,
          credentials: 'omit',
          headers: { 'content-type': 'text/plain' },
        });
        // From another origin the header is not there to be read, unless the collector exposes it.
        result = [response.status, +response.headers.get('retry-after')];
        if (response.ok) result.push(...new Uint8Array(await response.arrayBuffer()));
      } catch {}
      told.done(id, result);
    },
  };
};

// What the crate's own tests link, by name.
const linked = /* @__PURE__ */ platform({ wake() {}, done() {} }, {});
export const clock = () => linked.clock();
export const wakeIn = (delay) => linked.wakeIn(delay);
export const post = (...request) => linked.post(...request);
export const settled = () => {};
