// What the site's owner says, handed over as given.rs reads it.

import type { Tell } from '../tell.ts';

/** Only values that the contract has. */
export type Props = Record<string, string | number | boolean | { amount_minor: number; currency: string }>;

export const tellNamed = (tell: Tell, what: number, at: number, name: string, props: Props): void => {
  const texts = [name];
  const numbers: number[] = [];
  for (const key in props) {
    const value = props[key]!;
    texts.push(key);
    if (typeof value === 'object') {
      texts.push(value.currency);
      numbers.push(3, value.amount_minor);
    } else if (typeof value === 'string') {
      texts.push(value);
      numbers.push(0, 0);
    } else {
      texts.push('');
      numbers.push(typeof value === 'number' ? 1 : 2, +value);
    }
  }
  tell(what, texts, numbers, at);
};
