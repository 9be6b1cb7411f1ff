// The page's side of platform/: what the core calls. Nothing in here runs code of the page's own before it returns, for
// that could call the core, which is busy; and nothing throws. Its types are in page.d.ts.

let told, endpoint, debug;

// `tell` is told of timers and results.
export const attach = (tell, url, prints) => {
  told = tell;
  endpoint = url;
  debug = prints;
};

export const clock = () => performance.now();

const say = async (...what) => {
  if (debug) {
    await 0;
    console.debug('passerby', ...what);
  }
};

// By their number on the wire.
const LABELS =
  'pageview engagement click outbound download form_start form_submit form_abandon search custom passive_custom product_view cart_add cart_remove checkout order refund identify vital script_error resize';

export const queued = (kind, number) => say('queued', LABELS.split(' ')[kind], number);

// Not at once: the core gives the timer's function up when it wakes, which must have returned by then.
export const wake = async () => {
  await 0;
  told.wake();
};

// `text/plain` and no credentials: so the browser asks the collector for no permission first (no preflight), and sends no
// cookie.
export const post = async (id, keepalive, events, bytes) => {
  let result = [0];
  try {
    // The bytes are a view of the core's memory, which moves on.
    const body = bytes.slice();
    say('sent batch', events, body.length);
    await 0;
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
};
