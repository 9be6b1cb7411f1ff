// How long a funnel may take, as the API has it and in words.

import { say, text } from '../../text/index.ts';

const words = text.behaviour;

const usual: readonly (readonly [window: string, title: string])[] = [['30m', words.halfHour], ['1d', words.oneDay], ['7d', words.oneWeek], ['30d', words.thirtyDays]];

export const windowInWords = (window: string) => usual.find(([known]) => known === window)?.[1] ?? say(text.saved.within, { window });

/** What is offered, and what is chosen if that is something else. */
export function windowChoices(chosen: string): [readonly [string, string], ...(readonly [string, string])[]] {
  const isUsual = chosen === '' || usual.some(([known]) => known === chosen);
  return [['', words.anyTime], ...usual, ...(isUsual ? [] : [[chosen, windowInWords(chosen)] as const])];
}
