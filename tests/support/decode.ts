// Batches as trackers send them, in the JSON form: read by the protocol's own example, so by the code of the collector.

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { root } from './collector.ts';

/** A batch's JSON form, as far as tests read it. */
export type Batch = {
  site: string;
  tab: string;
  first: number;
  page: string;
  visitor?: string | null;
  viewport: [number, number];
  events: ({ after_ms: number } & Record<string, any>)[];
};

export class Decoder {
  readonly #process: ChildProcess;
  readonly #waiting: ((line: string) => void)[] = [];

  constructor() {
    const args = ['run', '--quiet', '--package', 'passerby-protocol', '--example', 'decode_batch'];
    this.#process = spawn('cargo', args, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface(this.#process.stdout!).on('line', (line) => this.#waiting.shift()?.(line));
    // Whoever still waits would wait forever.
    this.#process.on('exit', () => this.#waiting.splice(0).forEach((answer) => answer('{"error":"the decoder has ended"}')));
  }

  async decode(body: Buffer): Promise<Batch> {
    this.#process.stdin!.write(`${body.toString('hex')}\n`);
    const answer = JSON.parse(await new Promise<string>((resolve) => this.#waiting.push(resolve)));
    if (answer.error) throw new Error(`${answer.error}: ${body.toString('hex')}`);
    return answer;
  }

  stop(): void {
    this.#process.stdin!.end();
  }
}
