// The key figures as tiles, and the one that is chosen over time.

import { useMemo } from 'preact/hooks';
import type { Answer } from '../../../../edge-collector/api.d.ts';
import { type Answered, useAnswer } from '../../api/use-answer.tsx';
import { Spark } from '../../charts/spark.tsx';
import { FigureChart, useInterval } from '../../parts/figure-chart.tsx';
import { Failure, Skeleton } from '../../parts/states.tsx';
import { useNavigation, useOption } from '../../state/navigation.tsx';
import { none } from '../../text/format.ts';
import { say, text } from '../../text/index.ts';
import {
  type Figure, amount, changeInWords, comparedBounds, currencyOf, figureOf, figures, isBetterLow, isWhole, selling, sellingQuestion, seriesOf, seriesQuestion, writer,
} from './figures.ts';

const isSelling = (figure: Figure) => (selling as readonly Figure[]).includes(figure);

export function Headline({ totals }: { totals: Answered<Answer> }) {
  const { place } = useNavigation();
  const [wanted, choose] = useOption('metric', figures, 'visitors');
  const [interval] = useInterval();

  const sold = useAnswer(sellingQuestion(place), (client, question, signal) => client.query(question, signal));
  const hasOrders = (amount(figureOf(sold.value, 'events')?.value ?? null) ?? 0) > 0;
  const seen = useAnswer(seriesQuestion(place, false, interval), (client, question, signal) => client.query(question, signal));
  const soldSeries = useAnswer(hasOrders ? seriesQuestion(place, true, interval) : undefined, (client, question, signal) => client.query(question, signal));

  const valueOf = (figure: Figure) => figureOf(isSelling(figure) ? sold.value : totals.value, figure);
  const shown = figures.filter((figure) => (isSelling(figure) ? hasOrders : valueOf(figure) !== undefined));
  const figure = shown.includes(wanted) ? wanted : 'visitors';
  const series = isSelling(figure) ? soldSeries : seen;
  // The dates of the period before are known once the totals are.
  const bounds = totals.value === undefined || totals.isStale ? undefined : comparedBounds(totals.value);
  const before = useAnswer(bounds && seriesQuestion(place, isSelling(figure), interval, bounds), (client, question, signal) => client.query(question, signal));

  const currency = currencyOf(sold.value);
  const write = useMemo(() => writer(figure, currency), [figure, currency]);
  const points = useMemo(() => series.value && seriesOf(series.value, figure), [series.value, figure]);
  const isCompared = bounds !== undefined;
  const pointsBefore = useMemo(() => (isCompared && before.value ? seriesOf(before.value, figure) : undefined), [isCompared, before.value, figure]);

  if (totals.error !== undefined) return <section class="panel"><Failure error={totals.error} site={place.site} onRetry={totals.retry} /></section>;
  // Tiles that came later would push away what is there already.
  const isReady = totals.value !== undefined && (sold.value !== undefined || sold.error !== undefined);
  return (
    <section class="panel headline" aria-label={text.overview.numbers} aria-busy={totals.isStale || series.isStale}>
      {isReady ? (
        <>
          <div class={`tiles ${totals.isStale ? 'stale' : ''}`} role="group" aria-label={text.overview.numbers}>
            {shown.map((name) => {
              const line = isSelling(name) ? soldSeries.value : seen.value;
              return <Tile key={name} figure={name} of={valueOf(name)} currency={currency} line={line && seriesOf(line, name).map(({ value }) => value)} isChosen={name === figure} onChoose={() => choose(name)} />;
            })}
          </div>
          <FigureChart name={text.metrics[figure]} answered={series} points={points} before={pointsBefore} write={write} isWhole={isWhole(figure)} />
        </>
      ) : <Waiting />}
    </section>
  );
}

/** As high as what will come. */
function Waiting() {
  return (
    <>
      <Skeleton kind="tiles" />
      <div class="chart-head" />
      <div class="chart-body"><Skeleton kind="chart" /></div>
    </>
  );
}

type TileProps = {
  figure: Figure;
  of: ReturnType<typeof figureOf>;
  currency: string | undefined;
  line: readonly (number | null)[] | undefined;
  isChosen: boolean;
  onChoose: () => void;
};

function Tile({ figure, of, currency, line, isChosen, onChoose }: TileProps) {
  const write = writer(figure, currency);
  const [value, before] = [amount(of?.value ?? null), amount(of?.before ?? null)];
  const change = of?.change ?? null;
  const isGood = change !== null && change > 0 !== isBetterLow(figure);
  return (
    <button type="button" class="tile" data-figure={figure} aria-pressed={isChosen} onClick={onChoose}>
      <span class="tile-name">{text.metrics[figure]}</span>
      <span class="tile-value">{value === null ? none : write(value)}</span>
      <span class="tile-change">
        {change !== null && before !== null && (
          <span class={change === 0 ? 'soft' : isGood ? 'good' : 'bad'} title={say(text.overview.change, { change: changeInWords(figure, change), before: write(before) })}>
            {changeInWords(figure, change)}
          </span>
        )}
      </span>
      <Spark values={line ?? []} />
    </button>
  );
}
