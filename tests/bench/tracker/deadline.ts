// No wait without an end: a tracker that never sends is named, and keeps no bench from its other figures.

import { setTimeout } from 'node:timers/promises';

/** What `work` gives, unless it takes longer: then an error that says what was waited for. */
export async function inTime<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = setTimeout(ms, undefined, { signal: over.signal }).then(() => {
    throw new Error(`${what}: not within ${ms / 1_000} s`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    late.catch(() => {}); // ended below, or told already
    over.abort();
  }
}
