// The key figures as tiles, and the one that is chosen over time.

import { useMemo } from 'preact/hooks';
import type { Answer, Query } from '../../../../edge-collector/api.d.ts';
import type { Client } from '../../api/client.ts';
import { useSaved } from '../../api/saved.tsx';
import { type Answered, retryFailed, useAnswer } from '../../api/use-answer.tsx';
import { FigureChart, useInterval } from '../../parts/figure-chart.tsx';
import { Failure, Skeleton } from '../../parts/states.tsx';
import { useNavigation, useOption } from '../../state/navigation.tsx';
import { text } from '../../text/index.ts';
import {
  type Figure, amount, comparedBounds, conversionQuestion, currencyOf, figureOf, figures, isWhole, ofOrders, ordersQuestion, overTime, seriesOf, totalsQuestion, writer,
} from './figures.ts';
import { FigureTile } from './tile.tsx';

/** Where a figure is from: what is asked for it, in all and over time. */
type Source = { asked: Query | undefined; totals: Answered<Answer>; series: Answered<Answer> };

const ask = (client: Client, question: Query, signal: AbortSignal) => client.query(question, signal);

export function Headline({ totals }: { totals: Answered<Answer> }) {
  const { place } = useNavigation();
  const [wanted, choose] = useOption('metric', figures, 'visitors');
  const [interval] = useInterval();

  const saved = useSaved();
  const visiting = totalsQuestion(place, saved.segments);
  const seen = useAnswer(visiting && overTime(visiting, interval), ask);
  // At once, though a site without orders asks in vain: to wait whether there are any would take as long again.
  const selling = ordersQuestion(place, ofOrders);
  const orders: Source = { asked: selling, totals: useAnswer(selling, ask), series: useAnswer(overTime(selling, interval), ask) };
  const hasOrders = (amount(figureOf(orders.totals.value, 'events')?.value ?? null) ?? 0) > 0;
  const names = saved.value?.goals.map(({ name }) => name) ?? [];
  const converting = names.length === 0 ? undefined : conversionQuestion(place, names);
  const [converted, conversions] = [useAnswer(converting, ask), useAnswer(converting && overTime(converting, interval), ask)];

  /** What converts is what the site's goals say; without any, an order. */
  function sourceOf(figure: Figure): Source | undefined {
    if (figure === 'conversion_rate' && converting !== undefined) return { asked: converting, totals: converted, series: conversions };
    if (ofOrders.includes(figure)) return hasOrders ? orders : undefined;
    return { asked: visiting, totals, series: seen };
  }
  const valueOf = (figure: Figure) => figureOf(sourceOf(figure)?.totals.value, figure);
  const shown = figures.filter((figure) => valueOf(figure) !== undefined);
  const figure = shown.includes(wanted) ? wanted : 'visitors';
  const { asked, series = seen } = sourceOf(figure) ?? {};
  // The dates of the period before are known once the totals are.
  const bounds = totals.value === undefined || totals.isStale ? undefined : comparedBounds(totals.value);
  const before = useAnswer(bounds && asked && overTime(asked, interval, bounds), ask);

  const currency = currencyOf(orders.totals.value);
  const write = useMemo(() => writer(figure, currency), [figure, currency]);
  const points = useMemo(() => series.value && seriesOf(series.value, figure), [series.value, figure]);
  const isCompared = bounds !== undefined;
  const pointsBefore = useMemo(() => (isCompared && before.value ? seriesOf(before.value, figure) : undefined), [isCompared, before.value, figure]);

  if (totals.error !== undefined) return <section class="panel"><Failure error={totals.error} site={place.site} onRetry={() => retryFailed([totals, seen, orders.totals, orders.series, saved, converted, conversions])} /></section>;
  // Tiles that came later would push away what is there already.
  const isKnown = ({ value, error }: Answered<unknown>) => value !== undefined || error !== undefined;
  const isReady = [totals, orders.totals, saved, ...(converting === undefined ? [] : [converted])].every(isKnown);
  return (
    <section class="panel headline" aria-label={text.overview.numbers} aria-busy={[totals, orders.totals, converted, series, before].some(({ isStale }) => isStale)}>
      {isReady ? (
        <>
          <div class={`tiles ${totals.isStale ? 'stale' : ''}`} role="group" aria-label={text.overview.numbers}>
            {shown.map((name) => {
              const line = sourceOf(name)?.series.value;
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
