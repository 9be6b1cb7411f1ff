/**
 * What the visitor wants. Nothing is stored but what they asked for: with consent an id of their own, and that they
 * opted out.
 */

const ID = 'passerby.id';
const OUT = 'passerby.out';

/** Reads; writes a text, erases for `null`. Storage may be forbidden: then nothing is remembered. */
const stored = (key: string, value?: string | null): string => {
  try {
    if (value) localStorage[key] = value;
    if (value === null) delete localStorage[key];
    return localStorage[key] ?? '';
  } catch {
    return '';
  }
};

/** Random bytes in hex. */
export const chance = (bytes: number): string =>
  crypto.getRandomValues(new Uint8Array(bytes)).reduce((hex, byte) => hex + (byte + 256).toString(16).slice(1), '');

/** The visitor's own id, empty where they have not agreed to one. */
export const ownId = (): string => stored(ID);

export const giveId = (): string => ownId() || stored(ID, chance(16));

export const eraseId = (): string => stored(ID, null);

export const optedOut = (): boolean => !!stored(OUT);

export const setOptedOut = (out: boolean): string => stored(OUT, out ? '1' : null);

/** Global Privacy Control, and its forerunner Do Not Track. */
export const signalsNo = (): boolean => (navigator as any).globalPrivacyControl || navigator.doNotTrack === '1';
