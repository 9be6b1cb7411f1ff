// A proxy that fails as networks and servers fail, between any client and the collector: any path, any method, on
// loopback. What becomes of a request is a function, its fault; what became of it is kept.

import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';

export type Reply = { status: number; headers: IncomingHttpHeaders; body: Buffer };

/** Headers that belong to one connection (RFC 9110, 7.6.1): the next one has its own. */
const OF_THE_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade'];

const endToEnd = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.includes(name)));

/** One request on its way, read to its end. */
export class Exchange {
  readonly atMs = performance.now();
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** What the collector said, each time that it was asked. */
  readonly replies: Reply[] = [];
  /** What the client was told; nothing where the connection was cut. */
  status: number | undefined;
  /** Nothing more becomes of it. */
  over = false;
  readonly #target: URL;
  readonly #response: ServerResponse;

  constructor(target: URL, { method = 'GET', url = '/', headers }: IncomingMessage, body: Buffer, response: ServerResponse) {
    this.#target = target;
    this.#response = response;
    [this.method, this.url, this.headers, this.body] = [method, url, headers, body];
  }

  /** Asks the collector, and gives what it says. */
  async forward(): Promise<Reply> {
    const headers = { ...endToEnd(this.headers), host: this.#target.host, 'content-length': `${this.body.length}` };
    // A connection of its own: none that is kept could be found closed.
    const asked = request(new URL(this.url, this.#target), { method: this.method, headers, agent: false }).end(this.body);
    const [said] = (await once(asked, 'response')) as [IncomingMessage];
    const reply = { status: said.statusCode ?? 502, headers: endToEnd(said.headers), body: await buffer(said) };
    this.replies.push(reply);
    return reply;
  }

  answer({ status, headers, body }: Reply): void {
    this.status = status;
    this.#response.writeHead(status, headers).end(body);
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
  readonly #server: Server;
  #port = 0;

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((incoming, response) => {
      // A client that goes away while it is read is no request; what else goes wrong is cut.
      this.#take(incoming, response).catch(() => response.destroy());
    });
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** In front of what listens at `target`. */
  static async start(target: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target);
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
    const exchange = new Exchange(this.#target, incoming, await buffer(incoming), response);
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
