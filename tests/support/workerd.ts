// workerd as a process of its own, with whatever configuration.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';

const program = path.resolve(import.meta.dirname, '../../node_modules/.bin/workerd');

/** A workerd that serves. */
export class Workerd {
  readonly process: ChildProcess;
  /** The port of each socket, by its name. */
  readonly ports: Record<string, number>;
  /** Milliseconds from its start until it listened. */
  readonly startedMs: number;

  private constructor(child: ChildProcess, ports: Record<string, number>, startedMs: number) {
    this.process = child;
    this.ports = ports;
    this.startedMs = startedMs;
  }

  /**
   * Serves what the configuration says, which is kept in `file`, once it listens on these sockets. What it prints comes with
   * this program's own, or to `log`.
   */
  static async start(file: string, config: string, sockets: string[] = ['http'], log?: (text: string) => void): Promise<Workerd> {
    writeFileSync(file, config);
    const began = performance.now();
    const output = log === undefined ? 'inherit' : 'pipe';
    const child = spawn(program, ['serve', '--experimental', '--control-fd=3', file], { stdio: ['ignore', output, output, 'pipe'] });
    if (log !== undefined) for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => log(chunk.toString()));
    const ports: Record<string, number> = {};
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => reject(new Error(`workerd ended with ${code ?? signal}`)));
      let said = '';
      // It says on which port it listens, on a line of JSON for each socket.
      (child.stdio[3] as Readable).on('data', (chunk: Buffer) => {
        said += chunk.toString();
        for (const [, socket, port] of said.matchAll(/"event":"listen".*?"socket":"(\w+)".*?"port":(\d+)/g)) ports[socket as string] = Number(port);
        if (sockets.every((socket) => socket in ports)) resolve();
      });
    });
    return new Workerd(child, ports, performance.now() - began);
  }

  get isRunning(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Ends it: SIGTERM lets it finish, SIGKILL does not. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (!this.isRunning) return;
    const ended = once(this.process, 'exit');
    this.process.kill(signal);
    await ended;
  }
}
