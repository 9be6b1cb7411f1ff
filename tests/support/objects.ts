// A message to an object, as edge-collector/src/objects.rs has it: a form, and behind it postcard.

import { readFileSync } from 'node:fs';
import path from 'node:path';

const source = readFileSync(path.resolve(import.meta.dirname, '../../edge-collector/src/objects.rs'), 'utf8');
const form = Number(/^const FORM: u8 = (\d+);$/m.exec(source)?.[1]);

/** The message by which a directory enters a site of this name, without aliases and origins, as a new one; nobody did it. */
export function entry(id: string): Uint8Array {
  return Uint8Array.from([form, id.length, ...Buffer.from(id), 0, 0, 0, 1, 0, 0, 0]);
}

/** The message by which a directory closes a site; nobody did it. */
export const closing = (id: string): Uint8Array => Uint8Array.from([form, id.length, ...Buffer.from(id), 0, 0, 0]);

/** The message that holds one i64: zigzag, 7 bits a byte. */
export function message(value: number): Uint8Array {
  const bytes = [form];
  let left = BigInt(value) >= 0n ? BigInt(value) * 2n : -BigInt(value) * 2n - 1n;
  for (; left >= 128n; left >>= 7n) bytes.push(Number(left & 127n) | 128);
  return Uint8Array.from([...bytes, Number(left)]);
}
