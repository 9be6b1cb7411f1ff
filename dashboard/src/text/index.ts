// The strings in the language that the browser prefers, of those there are.

import { en, type Text } from './en.ts';
import { ko } from './ko.ts';

const languages: Record<string, Text> = { en, ko };

/** The first of the browser's languages that there is; else English. */
export function preferred(wanted: readonly string[]): string {
  const codes = wanted.map((tag) => tag.toLowerCase().split('-')[0] ?? '');
  return codes.find((code) => code in languages) ?? 'en';
}

export const language = preferred(navigator.languages);
export const text: Text = languages[language] ?? en;

/** A string with its `{name}`s filled in. */
export function say(template: string, values: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
