// Who comes back: of those first seen in a period, how many were seen in each period after it.

import type { Cohort } from '../../../../edge-collector/api.d.ts';
import { scopeOf } from '../../api/questions.ts';
import { useAnswer } from '../../api/use-answer.tsx';
import { OptionChoice } from '../../parts/known.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Scroller } from '../../parts/scroller.tsx';
import { saveTable } from '../../parts/table.tsx';
import { useNavigation, useOption } from '../../state/navigation.tsx';
import { brief, date, none, percent } from '../../text/format.ts';
import { say, text } from '../../text/index.ts';

const words = text.behaviour;

export function RetentionReport() {
  const { place } = useNavigation();
  const [by] = useOption('by', ['day', 'week', 'month'], 'day');
  const answered = useAnswer({ ...scopeOf(place), by }, (client, asked, signal) => client.report('retention', asked, signal));
  return (
    <Panel
      title={words.retention}
      class="flow"
      tabs={<OptionChoice name="by" label={words.cohorts} choices={[['day', text.dates['time:day']], ['week', text.dates['time:week']], ['month', text.dates['time:month']]]} />}
      answered={answered}
      isEmpty={(cohorts) => cohorts.every(({ visitors }) => visitors === 0)}
      skeleton="rows"
      exports={(cohorts) => [{ label: text.actions.csv, run: () => save(cohorts) }]}
    >
      {(cohorts) => (
        <>
          <p class="soft">{words.retentionHint}</p>
          <Grid cohorts={cohorts} />
        </>
      )}
    </Panel>
  );
}

const periodsOf = (cohorts: readonly Cohort[]) => Array.from({ length: Math.max(0, ...cohorts.map(({ rates }) => rates.length)) }, (_, period) => period);

function Grid({ cohorts }: { cohorts: readonly Cohort[] }) {
  const periods = periodsOf(cohorts);
  return (
    <Scroller label={words.retention}>
      <table class="retention">
        <caption class="hidden">{words.retention}</caption>
        <thead>
          <tr>
            <th scope="col">{words.cohort}</th>
            <th scope="col" class="number">{text.metrics.visitors}</th>
            {periods.map((period) => <th scope="col" key={period}>{period}</th>)}
          </tr>
        </thead>
        <tbody>
          {cohorts.filter(({ visitors }) => visitors > 0).map((cohort) => (
            <tr key={cohort.date}>
              <th scope="row">{date(cohort.date)}</th>
              <td class="number">{brief(cohort.visitors)}</td>
              {periods.map((period) => {
                const rate = cohort.rates[period];
                if (rate === undefined) return <td key={period} />;
                return <td key={period} class="rate" style={{ '--rate': `${rate ?? 0}%` }} title={say(words.returned, { count: brief(cohort.returned[period] ?? 0) })}>{rate === null ? none : percent(rate)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

function save(cohorts: readonly Cohort[]): void {
  saveTable<Cohort>({
    caption: words.retention,
    head: { title: words.cohort, value: (cohort) => cohort.date },
    columns: [{ title: text.metrics.visitors, value: ({ visitors }) => visitors }, ...periodsOf(cohorts).map((period) => ({ title: String(period), value: ({ returned }: Cohort) => returned[period] ?? null }))],
    rows: cohorts,
  });
}
