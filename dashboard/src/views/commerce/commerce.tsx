// What is sold: over time, on which way, which products, and by whom people were sent.

import { useMemo } from 'preact/hooks';
import type { CurrencyRevenue, Metric, RevenueAnswer } from '../../../../edge-collector/api.d.ts';
import { scopeOf } from '../../api/questions.ts';
import { after, retryFailed, useAnswer } from '../../api/use-answer.tsx';
import { FigureChart, useInterval } from '../../parts/figure-chart.tsx';
import { useKnown } from '../../parts/known.tsx';
import { Panel, Tabs } from '../../parts/panel.tsx';
import { Empty, Failure } from '../../parts/states.tsx';
import { Scroller } from '../../parts/scroller.tsx';
import { type Column, Table, saveTable } from '../../parts/table.tsx';
import { isFilteredBy } from '../../state/filters.ts';
import { useAddFilter, useNavigation, useOption } from '../../state/navigation.tsx';
import { shopSteps } from '../../state/steps.ts';
import { brief, minorMoney, none, percent, valueName } from '../../text/format.ts';
import { text } from '../../text/index.ts';
import { FunnelPanel } from '../behaviour/funnel.tsx';
import { amount, comparedBounds, currencyOf, figureOf, isWhole, ordersQuestion, overTime, seriesOf, writer } from '../overview/figures.ts';
import { Waiting } from '../overview/headline.tsx';
import { FigureTile } from '../overview/tile.tsx';

const words = text.commerce;
const figures = ['total_revenue', 'events', 'average_revenue', 'conversion_rate', 'visitors'] as const satisfies readonly Metric[];
const titles: Record<(typeof figures)[number], string> = {
  total_revenue: text.metrics.total_revenue, events: words.orders, average_revenue: words.averageOrder, conversion_rate: text.metrics.conversion_rate, visitors: words.buyers,
};

export function Commerce() {
  return (
    <>
      <Sales />
      <ToOrder />
      <div class="grid">
        <RevenueBy title={words.products} tabs={[['product', words.product]]} name="products" />
        <RevenueBy title={words.origins} name="origins" tabs={[['visit:source', text.dimensions['visit:source']], ['visit:channel', text.dimensions['visit:channel']], ['visit:utm_campaign', text.overview.campaign], ['visit:country', text.dimensions['visit:country']], ['visit:device', text.dimensions['visit:device']]]} />
      </div>
    </>
  );
}

function Sales() {
  const { place } = useNavigation();
  const [figure, choose] = useOption('metric', figures, 'total_revenue');
  const [interval] = useInterval();
  const asked = ordersQuestion(place, figures);
  const totals = useAnswer(asked, (client, question, signal) => client.query(question, signal));
  const series = useAnswer(overTime(asked, interval), (client, question, signal) => client.query(question, signal));
  const bounds = totals.value === undefined || totals.isStale ? undefined : comparedBounds(totals.value);
  const before = useAnswer(bounds && overTime(asked, interval, bounds), (client, question, signal) => client.query(question, signal));
  const currency = currencyOf(totals.value);
  const write = useMemo(() => writer(figure, currency), [figure, currency]);
  const points = useMemo(() => series.value && seriesOf(series.value, figure), [series.value, figure]);
  const isCompared = bounds !== undefined;
  const pointsBefore = useMemo(() => (isCompared && before.value ? seriesOf(before.value, figure) : undefined), [isCompared, before.value, figure]);
  const isMixed = totals.value?.meta.metric_warnings?.['total_revenue']?.code === 'no_single_revenue_currency';
  if (totals.error !== undefined) return <section class="panel"><Failure error={totals.error} site={place.site} onRetry={() => retryFailed([totals, series])} /></section>;
  if (totals.value !== undefined && (amount(figureOf(totals.value, 'events')?.value ?? null) ?? 0) === 0) {
    return <section class={`panel ${totals.isStale ? 'stale' : ''}`} aria-busy={totals.isStale}><Empty title={words.none} hint={words.noneHint} /></section>;
  }
  return (
    <section class="panel headline" aria-label={text.shell.commerce} aria-busy={totals.isStale || series.isStale || before.isStale}>
      {totals.value === undefined ? <Waiting /> : (
        <>
          <div class={`tiles ${totals.isStale ? 'stale' : ''}`} role="group" aria-label={text.shell.commerce}>
            {figures.map((name) => (
              <FigureTile key={name} figure={name} title={titles[name]} of={figureOf(totals.value, name)} currency={currency} line={series.value && seriesOf(series.value, name).map(({ value }) => value)} isChosen={name === figure} onChoose={() => choose(name)} />
            ))}
          </div>
          {isMixed && <p class="remark">{words.mixed}</p>}
          <FigureChart name={titles[figure]} answered={series} points={points} before={pointsBefore} write={write} isWhole={isWhole(figure)} />
        </>
      )}
    </section>
  );
}

/** From a product to an order, as far as the site tells. */
function ToOrder() {
  const { place } = useNavigation();
  const events = useKnown('event:name');
  const steps = shopSteps(events.value ?? []);
  const answered = useAnswer(steps.length < 2 ? undefined : { ...scopeOf(place), steps }, (client, question, signal) => client.report('funnel', question, signal));
  if (events.value !== undefined && steps.length < 2) return null;
  return <div class="apart"><FunnelPanel title={words.funnel} answered={after([events], answered)} steps={steps} /></div>;
}

type Row = { group: string; visitors: number } & CurrencyRevenue;

/** A row for each currency of a group, since amounts of several are never added; by currency, what brought most first. */
function rowsOf({ rows, currencies }: RevenueAnswer): Row[] {
  const all = rows.flatMap(({ group, visitors, currencies }) => currencies.map((of) => ({ group, visitors, ...of })));
  return currencies.flatMap(({ currency }) => all.filter((row) => row.currency === currency && row.orders > 0).sort((a, b) => b.revenue_minor - a.revenue_minor));
}

const dimensions = ['visit:source', 'visit:channel', 'visit:utm_campaign', 'visit:country', 'visit:device'] as const;
type By = 'product' | (typeof dimensions)[number];

function RevenueBy({ title, name, tabs }: { title: string; name: string; tabs: readonly [readonly [By, string], ...(readonly [By, string])[]] }) {
  const { place } = useNavigation();
  const addFilter = useAddFilter();
  const [by, choose] = useOption<By>(name, tabs.map(([by]) => by), tabs[0][0]);
  const answered = useAnswer({ ...scopeOf(place), by, limit: 50 }, (client, asked, signal) => client.report('revenue', asked, signal));
  const dimension = dimensions.find((dimension) => dimension === by);
  const columns: Column<Row>[] = [
    { title: text.metrics.total_revenue, value: (row) => row.revenue_minor, show: (row) => minorMoney(row.revenue_minor, row.currency) },
    { title: words.orders, value: ({ orders }) => orders, show: ({ orders }) => brief(orders) },
    by === 'product'
      ? { title: words.sold, value: ({ quantity }) => quantity, show: ({ quantity }) => brief(quantity) }
      : { title: text.metrics.conversion_rate, value: (row) => row.conversion_rate, show: (row) => (row.conversion_rate === null ? none : percent(row.conversion_rate)) },
  ];
  const table = (answer: RevenueAnswer) => ({
    caption: title,
    head: { title: tabs.find(([known]) => known === by)?.[1] ?? title, value: ({ group }: Row) => group, show: ({ group }: Row) => valueName(by, group) },
    columns,
    rows: rowsOf(answer),
  });
  const withCurrency = (answer: RevenueAnswer) => {
    const { columns, ...rest } = table(answer);
    return { ...rest, columns: [...columns, { title: words.currency, value: ({ currency }: Row) => currency }] };
  };
  return (
    <Panel
      title={title}
      class="flow"
      tabs={tabs.length > 1 && <Tabs label={title} tabs={tabs} chosen={by} onChoose={choose} />}
      answered={answered}
      isEmpty={(answer) => table(answer).rows.length === 0}
      emptyTitle={words.none}
      emptyHint={words.noneHint}
      skeleton="rows"
      exports={(answer) => [{ label: text.actions.csv, run: () => saveTable(withCurrency(answer)) }]}
    >
      {(answer) => {
        const most = Math.max(1, ...table(answer).rows.map((row) => row.revenue_minor));
        return (
          <Scroller label={title}>
            <Table
              {...table(answer)}
              bar={(row) => Math.max(0, row.revenue_minor / most)}
              {...(dimension === undefined ? {} : { onPick: ({ group }: Row) => addFilter(['is', dimension, [group]]), isPicked: ({ group }: Row) => isFilteredBy(place.filters, dimension, group) })}
            />
          </Scroller>
        );
      }}
    </Panel>
  );
}
