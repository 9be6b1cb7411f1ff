// A proxy that fails as networks and servers fail, between any client and the collector: any path, any method, on
// loopback. What becomes of a request is a function, its fault; what became of it is kept.

import { EventEmitter, once } from 'node:events';
import { Agent, type ClientRequest, createServer, type IncomingHttpHeaders, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';

export type Reply = { status: number; headers: IncomingHttpHeaders; body: Buffer };

/** Headers that belong to one connection (RFC 9110, 7.6.1): the next one has its own. */
const OF_THE_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade'];

const endToEnd = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.includes(name)));

/** Longer than this nobody waits for an answer: trackers take a request for lost then. */
export const ANSWER_WITHIN_MS = 60_000;

/** A time that the collector was asked: from when until when (Unix time), and what it said, if anything was heard of it. */
export type Ask = { readonly fromMs: number; toMs: number; reply?: Reply; isCut: boolean };

/** One request on its way, read to its end. */
export class Exchange {
  readonly atMs = performance.now();
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Each time that the collector was asked. */
  readonly asks: Ask[] = [];
  /** What the client was told; nothing where the connection was cut. */
  status: number | undefined;
  /** Nothing more becomes of it. */
  over = false;
  readonly #target: URL;
  readonly #agent: Agent | false;
  readonly #response: ServerResponse;

  constructor(target: URL, agent: Agent | false, { method = 'GET', url = '/', headers }: IncomingMessage, body: Buffer, response: ServerResponse) {
    this.#target = target;
    this.#agent = agent;
    this.#response = response;
    [this.method, this.url, this.headers, this.body] = [method, url, headers, body];
  }

  /** What the collector said, each time that it did. */
  get replies(): Reply[] {
    return this.asks.flatMap(({ reply }) => reply ?? []);
  }

  /** Asks the collector, and gives what it says. */
  async forward(): Promise<Reply> {
    const ask = this.#ask(false);
    try {
      const [said] = (await once(this.#send().end(this.body), 'response')) as [IncomingMessage];
      ask.reply = { status: said.statusCode ?? 502, headers: endToEnd(said.headers), body: await buffer(said) };
      return ask.reply;
    } finally {
      ask.toMs = Date.now();
    }
  }

  /** The collector gets half of the request, and then nothing more. */
  async forwardHalf(): Promise<void> {
    const ask = this.#ask(true);
    const asked = this.#send();
    // What becomes of it is heard by nobody. Where nobody listens, what was written never is sent.
    await new Promise<void>((over) => {
      asked.on('error', () => over());
      asked.write(this.body.subarray(0, this.body.length >> 1), () => over());
    });
    asked.destroy();
    ask.toMs = Date.now();
  }

  #ask(isCut: boolean): Ask {
    const now = Date.now();
    const ask = { fromMs: now, toMs: now, isCut };
    this.asks.push(ask);
    return ask;
  }

  #send(): ClientRequest {
    const headers = { ...endToEnd(this.headers), host: this.#target.host, 'content-length': `${this.body.length}` };
    return request(new URL(this.url, this.#target), { method: this.method, headers, agent: this.#agent, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  }

  answer({ status, headers, body }: Reply): void {
    this.status = status;
    this.#response.writeHead(status, headers).end(body);
  }

  /** The client gets half of the answer, and then nothing more. */
  async answerHalf({ status, headers, body }: Reply): Promise<void> {
    this.#response.writeHead(status, { ...headers, 'content-length': body.length });
    await new Promise<void>((over) => {
      // The client may be gone.
      this.#response.on('close', () => over());
      this.#response.write(body.subarray(0, body.length >> 1), () => over());
    });
    this.cut();
  }

  /** Resets the connection. */
  cut(): void {
    this.#response.socket?.resetAndDestroy();
  }
}

/** What becomes of a request. */
export type Fault = (exchange: Exchange) => void | Promise<void>;

export const pass: Fault = async (exchange) => exchange.answer(await exchange.forward());

/** The proxy answers by itself. Pages of other origins may read that, as they may what the collector says. */
export const answer = (status: number, headers: IncomingHttpHeaders = {}): Fault => {
  const open = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'Retry-After' };
  return (exchange) => exchange.answer({ status, headers: { ...open, ...headers }, body: Buffer.alloc(0) });
};

export const reset: Fault = (exchange) => exchange.cut();

/** The collector takes the request, and nobody hears of it. */
export const loseReply: Fault = async (exchange) => {
  await exchange.forward();
  exchange.cut();
};

/** The collector takes the request, and the client hears half of the answer. */
export const cutReply: Fault = async (exchange) => exchange.answerHalf(await exchange.forward());

/** The collector gets half of the request. */
export const cutRequest: Fault = async (exchange) => {
  await exchange.forwardHalf();
  exchange.cut();
};

/** The collector gets it once more after so long, whatever it has taken in between. */
export const again = (ms: number): Fault => async (exchange) => {
  await pass(exchange);
  await setTimeout(ms);
  await exchange.forward();
};

/** The collector gets it twice, one after the other. */
export const duplicate: Fault = async (exchange) => {
  await exchange.forward();
  await pass(exchange);
};

export const delay = (ms: number, then: Fault = pass): Fault => async (exchange) => {
  await setTimeout(ms);
  await then(exchange);
};

/** The first so many requests have the fault. */
export const first = (count: number, fault: Fault, then: Fault = pass): Fault => {
  let seen = 0;
  return (exchange) => (seen++ < count ? fault : then)(exchange);
};

/** Requests have the fault for so long, from the first of them. */
export const within = (ms: number, fault: Fault, then: Fault = pass): Fault => {
  let untilMs: number | undefined;
  return (exchange) => {
    untilMs ??= exchange.atMs + ms;
    return (exchange.atMs < untilMs ? fault : then)(exchange);
  };
};

export class FaultyProxy {
  /** Every request that arrived, oldest first. */
  readonly exchanges: Exchange[] = [];
  /** Of requests from now on. */
  fault: Fault = pass;
  readonly #changes = new EventEmitter();
  /** Of changes. */
  #count = 0;
  readonly #sockets = new Set<Socket>();
  readonly #target: URL;
  readonly #agent: Agent | false;
  readonly #server: Server;
  #port = 0;

  private constructor(target: string, agent: Agent | false) {
    this.#target = new URL(target);
    this.#agent = agent;
    this.#server = createServer((incoming, response) => {
      // A client that goes away while it is read is no request; what else goes wrong is cut.
      this.#take(incoming, response).catch(() => response.destroy());
    });
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /**
   * In front of what listens at `target`. Each request has a connection of its own there, since one that is kept could be found
   * closed; unless an agent keeps some.
   */
  static async start(target: string, agent: Agent | false = false): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target, agent);
    await proxy.goOnline();
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Those that are no preflights. */
  get requests(): Exchange[] {
    return this.exchanges.filter(({ method }) => method !== 'OPTIONS');
  }

  /** Refuses connections, and cuts those that there are. */
  async goOffline(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
  }

  /** Listens again, at the same address. */
  async goOnline(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    if (this.#server.listening) await this.goOffline();
  }

  /** Until this holds; looked at whenever a request has come or is over. */
  async until(holds: () => boolean | Promise<boolean>): Promise<void> {
    for (;;) {
      const seen = this.#count;
      if (await holds()) return;
      // It may have changed while it was looked at.
      if (seen === this.#count) await once(this.#changes, 'change');
    }
  }

  async #take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = new Exchange(this.#target, this.#agent, incoming, await buffer(incoming), response);
    this.exchanges.push(exchange);
    this.#change();
    try {
      await this.fault(exchange);
    } finally {
      exchange.over = true;
      this.#change();
    }
  }

  #change(): void {
    this.#count++;
    this.#changes.emit('change');
  }
}
