// Other analytics' own clients, each a program of its own in tests/clients: what they send is known, so that totals can be compared.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from './collector.ts';

export const folder = path.join(root, 'tests/clients');
const python = path.join(root, '.tools/clients/bin/python');

/** Why a client's test cannot run here, if it cannot. */
export function missing(program: string): string | false {
  const from = program.endsWith('.py') ? python : path.join(folder, 'node_modules');
  return existsSync(from) ? false : `${path.relative(root, from)} is not there: scripts/setup-clients.sh`;
}

/** Runs a client to its end. */
export async function run(program: string, ...args: (string | number)[]): Promise<void> {
  const command = program.endsWith('.py') ? python : process.execPath;
  const child = spawn(command, [path.join(folder, program), ...args.map(String)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${(await said).join('\n')}`);
}
