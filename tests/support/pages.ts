// A site of the tests' own on loopback: pages by their path, and the built tracker beside them.

import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { root } from './collector.ts';

const dist = path.join(root, 'npm-package/dist');

const TYPES: Record<string, string> = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

export class Pages {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** `at` gives a path's content: of a page its HTML, nothing where there is none. */
  static async start(at: (url: URL) => string | Buffer | undefined, headers: Record<string, string> = {}): Promise<Pages> {
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const type = TYPES[path.extname(url.pathname)];
      const file = path.join(dist, path.basename(url.pathname));
      const content = at(url) ?? (type && existsSync(file) ? readFileSync(file) : undefined);
      if (content === undefined) response.writeHead(404).end();
      else response.writeHead(200, { ...headers, 'content-type': type ?? 'text/html; charset=utf-8' }).end(content);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Pages(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
