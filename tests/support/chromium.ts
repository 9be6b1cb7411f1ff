// Real Chromium, and what its pages send to the collector.

import { once } from 'node:events';
import { type Browser, type BrowserContext, type Request, chromium } from 'playwright-core';

export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

export const ARGUMENTS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** `without` are arguments of Playwright's own that a test wants to do without. */
export function launch(without: string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, ignoreDefaultArgs: without, args: ARGUMENTS });
}

/** Every batch that the pages of a context send, and how it was answered. */
export class Batches {
  readonly bodies: Buffer[] = [];
  answered = 0;
  readonly #context: BrowserContext;

  constructor(context: BrowserContext) {
    this.#context = context;
    context.on('request', (request) => this.#isBatch(request) && this.bodies.push(request.postDataBuffer() ?? Buffer.alloc(0)));
    context.on('response', (response) => this.#isBatch(response.request()) && response.ok() && (this.answered += 1));
  }

  #isBatch(request: Request): boolean {
    return request.method() === 'POST' && new URL(request.url()).pathname === '/e';
  }

  /** Until so many batches were answered. */
  async untilAnswered(count: number): Promise<void> {
    while (this.answered < count) await once(this.#context as any, 'response');
  }
}
