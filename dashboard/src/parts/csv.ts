// Tables as CSV (RFC 4180) that no spreadsheet takes for formulas.

export type Cell = string | number | null;

/**
 * A cell as text. Spreadsheets calculate what begins with one of =, +, -, @, tab or carriage return, quoted or not; an apostrophe
 * before it makes it a text (OWASP, "CSV Injection"). Numbers are our own and stay numbers.
 */
function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[\s\u0000]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|^[\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n;\t]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** With a byte order mark: without it, Excel takes UTF-8 for something else. */
export function csv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return `\ufeff${[header, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
