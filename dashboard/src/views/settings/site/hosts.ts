// Hosts as they are typed.

/** A text on each line, but for empty ones. */
export const linesOf = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter((line) => line !== '');

/** A host on each line. Of an address that is pasted, its host: the collector would take all of it for a host, which no page has. */
export const hostsOf = (text: string): string[] => linesOf(text).map((line) => line.replace(/^[a-z]+:\/\//i, '').replace(/[/?#].*$/, '').replace(/:\d*$/, '').toLowerCase());
