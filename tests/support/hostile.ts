// Strings that break programs: a small set of our own, and the large ones of ../shared where they are there.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './collector.ts';

export const folder = path.join(process.env['PASSERBY_DATA'] ?? path.join(root, '../shared/data'), 'adversarial');

/** Why what needs the large sets cannot run here, if it cannot. */
export const missing = existsSync(folder) ? false : `${path.relative(root, folder)} is not there`;

export const own = [
  '\u0000', 'a\u0000b', '\r\nSet-Cookie: a=b', '\u001b[31mred\u001b[0m', '\u007f\u0080\u009f', '\ufeffbom', '\u2028\u2029', '\uffff', 'a\u202eb',
  '\u200b\u200d', 'e\u0301\u0323', '👩‍👩‍👧‍👦', '𝒳😀', 'İıſß', '한국어 ‮text', '__proto__', 'constructor', 'toString', 'hasOwnProperty',
  '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "'; DROP TABLE session;--", '\\"\\', '${7*7}', '{{7*7}}', '%s%n%x', '%00%ff',
  '../../etc/passwd', 'javascript:alert(1)', '=1+1', '-1', '1e999', 'NaN', 'null', 'undefined', 'true', '[]', '{}', '*', '**', '(a*)*b',
  '|;!=~', 'x'.repeat(200), 'ü'.repeat(100), 'y'.repeat(201), 'z'.repeat(513), 'w'.repeat(2049), ' ', '\t', '\n',
];

/** Lines of one file, and the strings of the other. */
export function large(): string[] {
  const lines = readFileSync(path.join(folder, 'xss-payload-list.txt'), 'utf8').split('\n');
  const strings = JSON.parse(readFileSync(path.join(folder, 'blns.json'), 'utf8')) as string[];
  return [...new Set([...strings, ...lines])];
}

/** JSON that is none, or that other programs choke on, by name. */
export const bodies: Record<string, string | Uint8Array> = {
  'nothing': '', 'white space': ' \n', 'cut': '{"site":', 'deep': '['.repeat(60_000), 'deep objects': '{"a":'.repeat(10_000),
  'no UTF-8': Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d), 'half a character': '{"site":"\\ud800"}',
  'huge number': '{"site":"s","tab":"00000000000000a1","first":1e999,"events":[]}',
  'long number': `{"site":"s","tab":"00000000000000a1","first":${'9'.repeat(400)},"events":[]}`,
  'negative': '{"site":"s","tab":"00000000000000a1","first":-1,"events":[]}',
  'twice': '{"site":"s","site":"t","tab":"00000000000000a1","events":[]}',
  'prototype': '{"__proto__":{"a":1},"constructor":{"prototype":1}}', 'a number': '5', 'a string': '"x"', 'null': 'null', 'a list': '[[],{},5,null,""]',
  'BOM': '\ufeff{"site":"s"}', 'NUL': '\u0000', 'compact, cut': Uint8Array.of(1, 1, 255, 255, 255, 255, 15), 'gzip, cut': Uint8Array.of(0x1f, 0x8b, 8, 0, 0),
};

/** The files of the JSON test suite, by name. */
export function suite(names: string[]): Record<string, Uint8Array> {
  const read = (name: string) => readFileSync(path.join(folder, 'json-test-suite', name));
  return Object.fromEntries(names.map((name) => [name, read(name)]));
}
