// Outcomes in all: each by its name, in words, with its part of the events.

import type { Outcomes } from '../../../../../edge-collector/api.d.ts';
import { type RecordColumn, Records } from '../../../parts/records.tsx';
import { saveTable } from '../../../parts/table.tsx';
import { count, none, percent } from '../../../text/format.ts';
import { say } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';
import { type OutcomeName, isOfEvents } from './counts.ts';

const { outcomes: text } = words;

type Row = { name: OutcomeName; count: number };
const order = (name: string) => ['accepted', 'duplicate'].indexOf(name) + 1 || (isOfEvents(name) ? 3 : 4);
const rowsOf = (counts: Outcomes): Row[] =>
  (Object.entries(counts) as [OutcomeName, number][]).map(([name, count]) => ({ name, count })).sort((a, b) => order(a.name) - order(b.name) || b.count - a.count);

/** What comes after the colon of an outcome's name. */
type After<Kind extends string, Name> = Name extends `${Kind}:${infer Reason}` ? Reason : never;
/** Each has words: a reason that the collector learns and nobody put into words fails the types. */
const reasons: Record<string, string> = words.reasons satisfies Record<After<'refused', OutcomeName>, string>;
const requests: Record<string, string> = text.requests satisfies Record<After<'request', OutcomeName>, string>;
const others: Record<string, string> = text.kinds satisfies Record<Exclude<OutcomeName, `${string}:${string}`>, string>;

/** What an outcome is called, and what it means where that is no matter of course. */
function Named({ name }: { name: OutcomeName }) {
  const [kind = '', reason] = name.split(':');
  if (reason === undefined) return <>{others[name] ?? name}</>;
  const [what, why] = kind === 'request' ? [text.request, requests[reason]] : [text.kinds.refused, reasons[reason]];
  return <>{what}: {why ?? reason} <code class="soft">{reason}</code></>;
}

function columnsOf(received: number): [RecordColumn<Row>, ...RecordColumn<Row>[]] {
  const share = ({ name, count }: Row) => (isOfEvents(name) && received > 0 ? (count / received) * 100 : null);
  return [
    { title: text.outcome, value: ({ name }) => name, show: ({ name }) => <Named name={name} /> },
    { title: text.count, value: (row) => row.count, show: (row) => count(row.count), isNumber: true },
    { title: text.share, value: share, show: (row) => { const value = share(row); return value === null ? none : percent(value); }, isNumber: true },
  ];
}

export function Totals({ counts }: { counts: Outcomes }) {
  const rows = rowsOf(counts);
  const received = rows.filter(({ name }) => isOfEvents(name)).reduce((sum, row) => sum + row.count, 0);
  return (
    <div class="lines">
      <p>{say(text.received, { count: count(received) })}</p>
      <Records caption={text.counts} columns={columnsOf(received)} rows={rows} keyOf={({ name }) => name} />
    </div>
  );
}

export function saveTotals(counts: Outcomes): void {
  const rows = rowsOf(counts);
  const [head, ...columns] = columnsOf(rows.filter(({ name }) => isOfEvents(name)).reduce((sum, row) => sum + row.count, 0));
  saveTable({ caption: text.counts, head, columns, rows });
}
