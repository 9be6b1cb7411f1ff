// Script errors of the site's own scripts, each once.

import type { Report, Watch } from './watch.ts';

/** Different ones of a page: a script that fails forever says nothing new. */
const MAX_ERRORS = 10;

export const watchErrors = (report: Report): Watch => {
  const known = new Set<string>();
  const say = (message: string, address: string, line: unknown, column: unknown, at: number) => {
    const source = address.split(/[?#]/)[0]!;
    const key = `${[message, source, line, column]}`;
    if (known.size >= MAX_ERRORS || known.has(key)) return;
    known.add(key);
    report({ script_error: { message, source, line, column } }, at);
  };
  const isOwn = (address: string) => address.startsWith(location.origin + '/');
  return {
    // Of scripts from elsewhere the browser gives no error, nor where it reports something of its own.
    error({ error, message, filename, lineno, colno, timeStamp }) {
      if (error && isOwn(filename)) say(message, filename, lineno, colno, timeStamp);
    },
    unhandledrejection({ reason, timeStamp }) {
      const [, address = '', line, column] = /(\w+:\/\/.+?):(\d+):(\d+)/.exec(reason?.stack ?? '') ?? [];
      if (!address || isOwn(address)) say(`${reason}`, address, line, column, timeStamp);
    },
  };
};
