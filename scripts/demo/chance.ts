// Chance that a seed decides: whoever asks again is told the same.

export type Random = () => number;
export type Weighted<T> = readonly (readonly [choice: T, weight: number])[];

/** Numbers from 0 up to 1 (mulberry32), for a seed of several numbers. */
export function chance(...seed: number[]): Random {
  let state = 0x9e3779b9;
  for (const part of seed) {
    state = Math.imul(state ^ part, 0x85ebca6b) >>> 0;
    state = (state ^ (state >>> 13)) >>> 0;
  }
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(random: Random, choices: Weighted<T>): T {
  let left = random() * choices.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [choice, weight] of choices) if ((left -= weight) < 0) return choice;
  return choices[choices.length - 1]![0];
}

/** A whole number from one to another, both included. */
export const between = (random: Random, least: number, most: number): number => least + Math.floor(random() * (most - least + 1));

/** So many hex digits; few of them are 0. */
export function hex(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
}
