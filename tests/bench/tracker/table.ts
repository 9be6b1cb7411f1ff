// The figures as a table in Markdown, as the README has it.

import type { Clicks } from './clicks.ts';
import type { Evaluation } from './evaluation.ts';
import type { Losses } from './losses.ts';
import type { Wire } from './wire.ts';

export type Row = { version?: string; bytes_br?: number; loss?: Losses } & Partial<Evaluation & Clicks & Wire>;

type Figure = { title: string; of(row: Row): number | undefined; digits: number };

const FIGURES: Figure[] = [
  { title: 'bytes a page loads, brotli', of: (row) => row.bytes_br, digits: 0 },
  { title: 'evaluation at 4× throttle, ms', of: (row) => row.eval_ms_4x, digits: 1 },
  { title: '– of ours the loader alone', of: (row) => row.loader_ms_4x, digits: 1 },
  { title: '– longest piece of the core', of: (row) => row.core_longest_ms_4x, digits: 1 },
  { title: 'all scripting until the first answer, ms', of: (row) => row.script_ms_4x, digits: 1 },
  { title: "a script's click, median µs", of: (row) => row.click_us_median, digits: 0 },
  { title: "a script's click, p99 µs", of: (row) => row.click_us_p99, digits: 0 },
  { title: 'a real click and what follows, median µs', of: (row) => row.real_click_us_median, digits: 0 },
  { title: 'a real click and what follows, p99 µs', of: (row) => row.real_click_us_p99, digits: 0 },
  { title: 'an event on the wire, bytes', of: (row) => row.wire_bytes_per_event, digits: 1 },
  { title: 'requests in 5 min with 60 events', of: (row) => row.visit_requests, digits: 0 },
  { title: 'bytes sent in them', of: (row) => row.visit_bytes, digits: 0 },
];

/** A figure, and how many times ours it is. */
function cell({ of, digits }: Figure, row: Row, ours: Row): string {
  const [value, own] = [of(row), of(ours)];
  if (value === undefined) return '';
  const number = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  if (row === ours || !own || own <= 0) return number;
  return `${number} (${(value / own).toPrecision(2).replace(/e\+?(\d+)/, '·10^$1')}×)`;
}

export function table(rows: Map<string, Row>): string {
  const [ours = {}] = rows.values();
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const lines = [line(['', ...[...rows].map(([name, { version }]) => `${name} ${version}`)]), line(['---', ...[...rows].map(() => '---:')])];
  for (const figure of FIGURES) {
    if ([...rows.values()].some((row) => figure.of(row) !== undefined)) {
      lines.push(line([figure.title, ...[...rows.values()].map((row) => cell(figure, row, ours))]));
    }
  }
  for (const column of Object.keys(ours.loss ?? {})) {
    lines.push(line([`of 10 events: ${column}`, ...[...rows.values()].map((row) => `${row.loss?.[column] ?? ''}`)]));
  }
  return lines.join('\n');
}
