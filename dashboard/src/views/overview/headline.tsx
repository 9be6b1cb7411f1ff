// The key figures as tiles, and the one that is chosen over time.

import { useMemo } from 'preact/hooks';
import type { Answer } from '../../../../edge-collector/api.d.ts';
import { type Answered, useAnswer } from '../../api/use-answer.tsx';
import { FigureChart, useInterval } from '../../parts/figure-chart.tsx';
import { Failure, Skeleton } from '../../parts/states.tsx';
import { useNavigation, useOption } from '../../state/navigation.tsx';
import { text } from '../../text/index.ts';
import {
  type Figure, amount, comparedBounds, currencyOf, figureOf, figures, isWhole, ofOrders, ordersQuestion, overTime, selling, seriesOf, totalsQuestion, writer,
} from './figures.ts';
import { FigureTile } from './tile.tsx';

const isSelling = (figure: Figure) => (selling as readonly Figure[]).includes(figure);

export function Headline({ totals }: { totals: Answered<Answer> }) {
  const { place } = useNavigation();
  const [wanted, choose] = useOption('metric', figures, 'visitors');
  const [interval] = useInterval();

  const sold = useAnswer(ordersQuestion(place, ofOrders), (client, question, signal) => client.query(question, signal));
  const hasOrders = (amount(figureOf(sold.value, 'events')?.value ?? null) ?? 0) > 0;
  const seen = useAnswer(overTime(totalsQuestion(place), interval), (client, question, signal) => client.query(question, signal));
  // At once, though a site without orders asks in vain: to wait whether there are any would take as long again.
  const soldSeries = useAnswer(overTime(ordersQuestion(place, ofOrders), interval), (client, question, signal) => client.query(question, signal));

  const valueOf = (figure: Figure) => figureOf(isSelling(figure) ? sold.value : totals.value, figure);
  const shown = figures.filter((figure) => (isSelling(figure) ? hasOrders : valueOf(figure) !== undefined));
  const figure = shown.includes(wanted) ? wanted : 'visitors';
  const series = isSelling(figure) ? soldSeries : seen;
  // The dates of the period before are known once the totals are.
  const bounds = totals.value === undefined || totals.isStale ? undefined : comparedBounds(totals.value);
  const asked = isSelling(figure) ? ordersQuestion(place, ofOrders) : totalsQuestion(place);
  const before = useAnswer(bounds && overTime(asked, interval, bounds), (client, question, signal) => client.query(question, signal));

  const currency = currencyOf(sold.value);
  const write = useMemo(() => writer(figure, currency), [figure, currency]);
  const points = useMemo(() => series.value && seriesOf(series.value, figure), [series.value, figure]);
  const isCompared = bounds !== undefined;
  const pointsBefore = useMemo(() => (isCompared && before.value ? seriesOf(before.value, figure) : undefined), [isCompared, before.value, figure]);

  if (totals.error !== undefined) return <section class="panel"><Failure error={totals.error} site={place.site} onRetry={totals.retry} /></section>;
  // Tiles that came later would push away what is there already.
  const isReady = totals.value !== undefined && (sold.value !== undefined || sold.error !== undefined);
  return (
    <section class="panel headline" aria-label={text.overview.numbers} aria-busy={totals.isStale || series.isStale || before.isStale}>
      {isReady ? (
        <>
          <div class={`tiles ${totals.isStale ? 'stale' : ''}`} role="group" aria-label={text.overview.numbers}>
            {shown.map((name) => {
              const line = isSelling(name) ? soldSeries.value : seen.value;
              return <FigureTile key={name} figure={name} title={text.metrics[name]} of={valueOf(name)} currency={currency} line={line && seriesOf(line, name).map(({ value }) => value)} isChosen={name === figure} onChoose={() => choose(name)} />;
            })}
          </div>
          <FigureChart name={text.metrics[figure]} answered={series} points={points} before={pointsBefore} write={write} isWhole={isWhole(figure)} />
        </>
      ) : <Waiting />}
    </section>
  );
}

/** As high as what will come. */
export function Waiting() {
  return (
    <>
      <Skeleton kind="tiles" />
      <div class="chart-head" />
      <div class="chart-body"><Skeleton kind="chart" /></div>
    </>
  );
}
