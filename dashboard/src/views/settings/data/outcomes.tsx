// What became of what was sent, step by step and in all.

import { useEffect, useState } from 'preact/hooks';
import type { OutcomesAnswer } from '../../../../../edge-collector/api.d.ts';
import { readOutcomes } from '../../../api/account.ts';
import { after, useAnswer } from '../../../api/use-answer.tsx';
import { Stacked } from '../../../charts/stacked.tsx';
import { OptionChoice } from '../../../parts/known.tsx';
import { Panel } from '../../../parts/panel.tsx';
import { pngOf } from '../../../parts/svg-exports.ts';
import { saveTable } from '../../../parts/table.tsx';
import { useOption } from '../../../state/navigation.tsx';
import { clockMs, wallTime } from '../../../text/format.ts';
import { say, text as common } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';
import { useSiteSettings } from '../site-settings.tsx';
import { type Kind, kinds, partsOf, totalOf } from './counts.ts';
import { type Interval, askedOf, clockOf, intervals, labelsOf } from './steps.ts';
import { Totals, saveTotals } from './totals.tsx';

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
  const settings = useSiteSettings();
  const zone = settings.value?.time_zone ?? 'Etc/UTC';
  const [interval] = useOption<Interval>('interval', intervals, 'minute');
  const labels = labelsOf(interval, useClock(zone));
  const newest = labels[labels.length - 1];
  // Which steps there are, the site's clocks say. The newest is part of the question: with each one it is asked anew.
  const question = settings.value && { ...askedOf(interval, labels), newest };
  const answered = after([settings], useAnswer(question, (client, { newest: _, ...steps }, signal) => readOutcomes(client, site, steps, signal)));
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
      <Panel title={text.counts} answered={answered} isEmpty={isEmpty} emptyTitle={text.none} emptyHint={text.noneHint} skeleton="rows" exports={(answer) => [{ label: common.actions.csv, run: () => saveTotals(total(answer)) }]}>
        {(answer) => <Totals counts={total(answer)} />}
      </Panel>
    </>
  );
}

function saveSteps(series: NonNullable<OutcomesAnswer['series']>, labels: readonly string[]): void {
  const byLabel = new Map(series.map(({ date, results }) => [date, partsOf(results)]));
  const column = (kind: Kind) => ({ title: text.kinds[kind], value: (label: string) => byLabel.get(label)?.[kind] ?? 0 });
  saveTable({ caption: text.title, head: { title: text.step, value: (label: string) => label }, columns: kinds.map(column), rows: labels });
}
