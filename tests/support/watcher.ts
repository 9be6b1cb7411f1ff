// Somebody who watches a site, as a program does.

import { request } from 'node:http';
import type { LiveFrame, LiveScene } from '../../edge-collector/api.d.ts';
import { applied } from '../../dashboard/src/api/scene.ts';
import { adminKey } from './collector.ts';

/** The subprotocols by which a browser shows a key. */
export function protocols(key: string): string[] {
  return ['passerby.live', `passerby.key.${Buffer.from(key).toString('hex')}`];
}

/** Asks for a socket, to be refused: the answer's status and the name of its problem. */
export async function refused(url: string, headers: Record<string, string>): Promise<[number, string]> {
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' };
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { ...upgrade, ...headers } }, async (response) => {
      const body = await response.setEncoding('utf8').toArray();
      resolve([response.statusCode ?? 0, String(JSON.parse(body.join('')).type).split(':').at(-1) ?? '']);
    });
    asked.on('upgrade', (_, socket) => {
      socket.destroy();
      reject(new Error('it was let in'));
    });
    asked.on('error', reject).end();
  });
}

export class Watcher {
  readonly frames: LiveFrame[] = [];
  /** What there is now, as the frames tell it. */
  scene: LiveScene | undefined;
  /** The number of the last frame. */
  seq = 0;
  /** With which code and reason it was closed. */
  closed: { code: number; reason: string } | undefined;
  readonly socket: WebSocket;
  #wake = () => {};

  /** `query` is behind `site_id`: `&since=7`. */
  constructor(url: string, site: string, { query = '', key = adminKey }: { query?: string; key?: string } = {}) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/live?site_id=${encodeURIComponent(site)}${query}`, protocols(key));
    this.socket.onmessage = ({ data }) => this.#take(String(data));
    this.socket.onclose = ({ code, reason }) => {
      this.closed = { code, reason };
      this.#wake();
    };
  }

  /** Opens a socket, and waits until it shows what there is. */
  static async open(url: string, site: string, options?: { query?: string; key?: string }): Promise<Watcher> {
    const watcher = new Watcher(url, site, options);
    await watcher.until(() => watcher.frames.length > 0);
    return watcher;
  }

  #take(data: string) {
    if (data !== 'pong') {
      const frame = JSON.parse(data) as LiveFrame;
      this.frames.push(frame);
      if (frame.type === 'scene') this.scene = frame.scene;
      if (frame.type === 'changes' && this.scene !== undefined) this.scene = applied(this.scene, frame.changes);
      if (frame.type !== 'refused') this.seq = frame.seq;
    }
    this.last = data;
    this.#wake();
  }

  /** The last message, whatever it was. */
  last = '';

  /** Until this is true; looked at after each message. */
  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  close(): Promise<void> {
    this.socket.close();
    return this.until(() => this.closed !== undefined);
  }
}
