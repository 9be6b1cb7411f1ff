// A site's socket, held open: frames in, one state a painted frame out. Knows nothing of the page but when it is seen.

import type { LiveFrame, LiveScene } from '../../../edge-collector/api.d.ts';
import { applied } from './scene.ts';

export type Watched = {
  /** The last that was known. */
  scene: LiveScene | undefined;
  isConnected: boolean;
  /** Events that came and are not shown, since there were too many at once. */
  leftOut: number;
};

/** The wait before the first try, and the longest; each failure doubles it, and chance takes a part of it off. */
const firstWaitMs = 500;
const longestWaitMs = 30_000;
/** How often the collector is asked whether it is there, and how long it may take. */
const pingEveryMs = 20_000;
const patienceMs = 10_000;
/** The code of a socket that is closed to be opened again. */
const comeBack = 1000;
/** Frames after which it is told what was seen: it closes who is 128 behind. */
const sayEvery = 16;

/**
 * Watches until the returned function is called. `open` opens a socket and asks for what came after a frame. While the page is
 * hidden nobody watches, so the socket is closed: for a site that is watched, trackers send more often.
 */
export function watch(open: (since: number) => Promise<WebSocket>, onChange: (watched: Watched) => void): () => void {
  const stop = new AbortController();
  let state: Watched = { scene: undefined, isConnected: true, leftOut: 0 };
  let socket: WebSocket | undefined;
  let [seq, unsaid, failures, painting] = [0, 0, 0, 0];
  /** Counts up with each socket that is let go of, also before it is there. */
  let era = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let doubt: ReturnType<typeof setTimeout> | undefined;

  /** Shows the newest state with the next frame that is painted, however many there were until then. */
  function change(next: Partial<Watched>) {
    state = { ...state, ...next };
    painting ||= requestAnimationFrame(() => {
      painting = 0;
      onChange(state);
    });
  }

  function take(frame: LiveFrame) {
    if (frame.type === 'refused') return;
    ({ seq } = frame);
    failures = 0;
    const scene = frame.type === 'scene' ? frame.scene : state.scene && applied(state.scene, frame.changes);
    change({ scene, isConnected: true, leftOut: state.leftOut + (frame.type === 'changes' ? frame.changes.left_out : 0) });
    unsaid += 1;
    if (unsaid >= sayEvery) {
      socket?.send(JSON.stringify({ seen: seq }));
      unsaid = 0;
    }
  }

  function connect() {
    leave();
    if (document.visibilityState !== 'visible') return;
    const now = era;
    doubt = setTimeout(lost, patienceMs);
    open(seq).then((opened) => (now === era ? hold(opened) : opened.close()), () => now === era && lost());
  }

  function hold(current: WebSocket) {
    socket = current;
    current.onopen = () => change({ isConnected: true });
    current.onmessage = ({ data }) => {
      clearTimeout(doubt);
      if (data !== 'pong') take(JSON.parse(String(data)) as LiveFrame);
    };
    // The collector asks for the key again now and then: nothing is lost.
    current.onclose = ({ code }) => (code === comeBack ? connect() : lost());
  }

  function lost() {
    leave();
    change({ isConnected: false });
    const most = Math.min(longestWaitMs, firstWaitMs * 2 ** failures);
    failures += 1;
    retry = setTimeout(connect, most / 2 + (Math.random() * most) / 2);
  }

  /** Lets go of the socket. One that is dead takes minutes to say so, and is not waited for. */
  function leave() {
    era += 1;
    clearTimeout(retry);
    clearTimeout(doubt);
    if (socket === undefined) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    socket = undefined;
  }

  const ping = setInterval(() => {
    if (socket?.readyState !== WebSocket.OPEN) return;
    socket.send('ping');
    clearTimeout(doubt);
    doubt = setTimeout(lost, patienceMs);
  }, pingEveryMs);

  document.addEventListener('visibilitychange', connect, { signal: stop.signal });
  window.addEventListener('online', connect, { signal: stop.signal });
  window.addEventListener('offline', lost, { signal: stop.signal });
  connect();
  return () => {
    stop.abort();
    leave();
    clearInterval(ping);
    cancelAnimationFrame(painting);
  };
}
