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

/** The visitor's own id, empty where they have not agreed to one. `null` erases it. */
export const ownId = (id?: string | null): string => stored(ID, id);

export const giveId = (): string => ownId() || ownId(chance(16));

/** Not empty for who opted out. */
export const optedOut = (out?: '1' | null): string => stored(OUT, out);

/** Global Privacy Control, and its forerunner Do Not Track. */
export const signalsNo = (): boolean => (navigator as any).globalPrivacyControl || navigator.doNotTrack === '1';
