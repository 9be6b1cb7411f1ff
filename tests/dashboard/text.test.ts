// What the dashboard says, in every language.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../../dashboard/src/text/en.ts';
import { ko } from '../../dashboard/src/text/ko.ts';
import { en as enOfSettings } from '../../dashboard/src/text/settings/en.ts';
import { ko as koOfSettings } from '../../dashboard/src/text/settings/ko.ts';

type Strings = { [name: string]: string | Strings };

function flat(strings: Strings, before = ''): [path: string, text: string][] {
  return Object.entries(strings).flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[before + name, value]] : flat(value, `${before}${name}.`)));
}

const english = flat({ ...en, settings: enOfSettings });
const korean = new Map(flat({ ...ko, settings: koOfSettings }));

test('both languages have the same strings, and none is empty', () => {
  assert.deepEqual([...korean.keys()].sort(), english.map(([path]) => path).sort());
  for (const [path, text] of [...english, ...korean]) assert.notEqual(text.trim(), '', path);
});

test('both languages fill in the same values', () => {
  const filled = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
  for (const [path, text] of english) assert.deepEqual(filled(korean.get(path) ?? ''), filled(text), path);
});

test('the Korean strings are Korean', () => {
  const borrowed = english.filter(([path, text]) => korean.get(path) === text && /[a-z]{4}/.test(text)).map(([path]) => path);
  assert.deepEqual(borrowed, ['product']);
});
