// What became of what was sent, step by step and in all.

import { useEffect, useState } from 'preact/hooks';
import type { Outcomes as Counts, OutcomesAnswer } from '../../../../../edge-collector/api.d.ts';
import { readOutcomes } from '../../../api/account.ts';
import { useAnswer } from '../../../api/use-answer.tsx';
import { Stacked } from '../../../charts/stacked.tsx';
import { OptionChoice } from '../../../parts/known.tsx';
import { Panel } from '../../../parts/panel.tsx';
import { type RecordColumn, Records } from '../../../parts/records.tsx';
import { pngOf } from '../../../parts/svg-exports.ts';
import { saveTable } from '../../../parts/table.tsx';
import { useOption } from '../../../state/navigation.tsx';
import { clockMs, count, none, percent, wallTime } from '../../../text/format.ts';
import { say, text as common } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';
import { useZone } from '../site-settings.tsx';
import { type Kind, type OutcomeName, isOfEvents, kinds, partsOf, totalOf } from './counts.ts';
import { type Interval, askedOf, clockOf, intervals, labelsOf } from './steps.ts';

const { outcomes: text } = words;

/** The site's clock, again with each minute. */
function useClock(zone: string): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), 60_000 - (now % 60_000));
    return () => clearTimeout(timer);
  }, [now]);
  return clockOf(now, zone);
}

export function Outcomes({ site }: { site: string }) {
  const zone = useZone();
  const [interval] = useOption<Interval>('interval', intervals, 'minute');
  const labels = labelsOf(interval, useClock(zone));
  const newest = labels[labels.length - 1];
  // The newest step is part of the question: with each one it is asked anew.
  const answered = useAnswer({ ...askedOf(interval, labels), newest }, (client, { newest: _, ...steps }, signal) => readOutcomes(client, site, steps, signal));
  const known = (answer: OutcomesAnswer) => answer.series ?? [];
  const total = (answer: OutcomesAnswer) => totalOf(known(answer), labels);
  const isEmpty = (answer: OutcomesAnswer) => Object.keys(total(answer)).length === 0;
  return (
    <>
      <Panel
        title={text.title}
        tabs={<OptionChoice name="interval" label={text.steps} choices={[['minute', text.minutes], ['hour', text.hours], ['day', text.days]]} />}
        answered={answered}
        isEmpty={isEmpty}
        emptyTitle={text.none}
        emptyHint={text.noneHint}
        skeleton="chart"
        exports={(answer) => [pngOf(text.title), { label: common.actions.csv, run: () => saveSteps(known(answer), labels) }]}
      >
        {(answer) => {
          const byLabel = new Map(known(answer).map(({ date, results }) => [date, results]));
          const step = (label: string) => ({ title: wallTime(clockMs(label), interval), parts: kinds.map((kind) => partsOf(byLabel.get(label) ?? {})[kind]) });
          return <Stacked label={say(text.chart, { zone })} steps={labels.map(step)} kinds={kinds.map((kind) => [text.kinds[kind], `outcome-${kind}`] as const)} />;
        }}
      </Panel>
      <Panel title={text.counts} answered={answered} isEmpty={isEmpty} emptyTitle={text.none} emptyHint={text.noneHint} skeleton="rows" exports={(answer) => [{ label: common.actions.csv, run: () => saveTotal(total(answer)) }]}>
        {(answer) => <Total counts={total(answer)} />}
      </Panel>
    </>
  );
}

type Row = { name: OutcomeName; count: number };
const order = (name: string) => ['accepted', 'duplicate'].indexOf(name) + 1 || (isOfEvents(name) ? 3 : 4);
const rowsOf = (counts: Counts): Row[] =>
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

function Total({ counts }: { counts: Counts }) {
  const rows = rowsOf(counts);
  const received = rows.filter(({ name }) => isOfEvents(name)).reduce((sum, row) => sum + row.count, 0);
  return (
    <div class="lines">
      <p>{say(text.received, { count: count(received) })}</p>
      <Records caption={text.counts} columns={columnsOf(received)} rows={rows} keyOf={({ name }) => name} />
    </div>
  );
}

function saveTotal(counts: Counts): void {
  const rows = rowsOf(counts);
  const [head, ...columns] = columnsOf(rows.filter(({ name }) => isOfEvents(name)).reduce((sum, row) => sum + row.count, 0));
  saveTable({ caption: text.counts, head, columns, rows });
}

function saveSteps(series: NonNullable<OutcomesAnswer['series']>, labels: readonly string[]): void {
  const byLabel = new Map(series.map(({ date, results }) => [date, partsOf(results)]));
  const column = (kind: Kind) => ({ title: text.kinds[kind], value: (label: string) => byLabel.get(label)?.[kind] ?? 0 });
  saveTable({ caption: text.title, head: { title: text.step, value: (label: string) => label }, columns: kinds.map(column), rows: labels });
}
