// A page load with the tracker's own core: the WebAssembly of the build, less the page around it. It numbers, buffers, sends
// and sends again as it does in a browser.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { shape } from '../../sdk-wasm/src/contract.ts';
import { type Core, teller } from '../../sdk-wasm/src/tell.ts';
import { DONE, EVENT, LEAVE, ONLINE, START, VISITOR, WAKE } from '../../sdk-wasm/src/what.ts';
import { chance } from '../support/visits.ts';
import { root } from '../support/collector.ts';
import type { Post } from './post.ts';
import { PROGRAM, type Tab } from './story.ts';

const module = new WebAssembly.Module(readFileSync(path.join(root, 'target/tracker/bindgen/core_bg.wasm')));

/** wasm-bindgen's names, less what it puts around them. */
const plain = (name: string) => name.replace(/^__wbg_(\w+)_[0-9a-f]{16}$/, '$1');

type Calls = {
  clock(): number;
  wakeIn(delayMs: number): void;
  settled(first: number, count: number): void;
  post(id: number, bytes: Uint8Array, events: number): void;
};

function instantiate({ clock, wakeIn, settled, post }: Calls): Core {
  const memory = () => new Uint8Array(wasm['memory'].buffer);
  const given: Record<string, unknown> = {
    clock, wakeIn, settled,
    now: Date.now,
    post: (id: number, _keepalive: number, events: number, at: number, length: number) => post(id, memory().slice(at, at + length), events),
  };
  const imports: Record<string, Record<string, any>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = given[plain(name)] ?? (() => {});
  }
  const wasm = new WebAssembly.Instance(module, imports).exports as Record<string, any>;
  wasm['__wbindgen_start']?.();
  const pass = (bytes: Uint8Array, align: number) => {
    const at = wasm['__wbindgen_malloc'](bytes.length, align);
    memory().set(bytes, at);
    return at;
  };
  return (what, at, texts, numbers) => {
    const text = new TextEncoder().encode(texts);
    wasm['on'](what, at, pass(text, 1), text.length, pass(new Uint8Array(numbers.buffer), 8), numbers.length);
  };
}

/** How long events wait for company here: so much longer than what is said to have happened long ago. */
const INTERVAL_MS = 300;

/** Runs a tab until the collector has said of every event that it has it. */
export async function runCoreTab(tab: Tab, post: Post): Promise<void> {
  const random = chance(tab.seed);
  // Its clock stands far enough from its beginning for events that happened long ago.
  const clock = () => performance.now() + 86_400_000;
  let [told, settled, flying, at] = [0, 0, 0, tab.address];
  let timer: NodeJS.Timeout | undefined;
  let end = () => {};
  const core = instantiate({
    clock,
    wakeIn(delayMs) {
      clearTimeout(timer);
      timer = setTimeout(() => tell(WAKE), delayMs);
    },
    settled(_first, count) {
      settled += count;
      if (settled === told) end();
    },
    post(id, bytes, events) {
      // An address changes where nothing of the tab's is under way.
      if (flying === 0 && (settled > 0 || tab.movesEarly) && random() < 0.3) at = tab.laterAddress;
      flying += 1;
      const refused = tab.userAgent === PROGRAM ? { bot: events } : {};
      void post({ site: tab.site, events, refused }, at, tab.userAgent, bytes).then((reply) => {
        flying -= 1;
        const answered = reply !== undefined && reply.status < 300 ? reply.body : [];
        tell(DONE, [], [id, reply?.status ?? 0, reply?.retryAfterS ?? 0, ...answered]);
      });
    },
  });
  const tell = (what: number, texts: unknown[] = [], numbers: number[] = [], atMs = clock()) => teller(core)(what, texts, numbers, atMs);

  const id = [...Buffer.from(tab.id, 'hex')];
  tell(START, [tab.site, 'en-GB', 'Europe/Berlin', '/'], [...id, tab.seed, tab.agoMs + INTERVAL_MS, 0, 1280, 800, 1280, 720]);
  if (tab.visitor !== undefined) tell(VISITOR, [], [...Buffer.from(tab.visitor, 'hex')]);
  for (const burst of tab.bursts) {
    for (const { kind } of burst) {
      const event = shape(kind);
      if (event === undefined) throw new Error(`the contract has no ${JSON.stringify(kind)}`);
      told += 1;
      tell(EVENT, event.texts, event.numbers, clock() - tab.agoMs);
    }
    await sleep(random() * 600);
    if (random() < 0.2) tell(LEAVE);
  }
  tell(LEAVE);
  // Browsers say that the network is back; where they do, a tab does not wait for its next try.
  const online = setInterval(() => tell(ONLINE), 500);
  await new Promise<void>((resolve) => (settled === told ? resolve() : (end = resolve)));
  clearInterval(online);
  clearTimeout(timer);
}
