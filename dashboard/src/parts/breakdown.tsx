// A panel that ranks the values of dimensions, one tab for each; a press on a value filters everything by it.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Answer, Filter, FilterDimension, Metric, Query } from '../../../edge-collector/api.d.ts';
import { scopeOf } from '../api/questions.ts';
import { useAnswer } from '../api/use-answer.tsx';
import { isFilteredBy } from '../state/filters.ts';
import { useAddFilter, useNavigation, useOption } from '../state/navigation.tsx';
import { brief, count, dimensionName, duration, none, percent, revenue, valueName } from '../text/format.ts';
import { say, text } from '../text/index.ts';
import { Dialog } from './dialog.tsx';
import { Panel, Tabs } from './panel.tsx';
import { Failure, Skeleton } from './states.tsx';
import { pngOf } from './svg-exports.ts';
import { type Column, Table, saveTable } from './table.tsx';

export type BreakdownTab = {
  name: string;
  title: string;
  dimension: FilterDimension;
  /** The first ranks. */
  metrics: readonly Metric[];
  /** More of them where there is room. */
  moreMetrics?: readonly Metric[];
  filters?: readonly Filter[];
  /** What metrics are called here, where that is something else. */
  titles?: Partial<Record<Metric, string>>;
};

type BreakdownProps = {
  /** Its name in the address. */
  name: string;
  title: string;
  tabs: readonly [BreakdownTab, ...BreakdownTab[]];
  emptyTitle?: string;
  emptyHint?: string;
  /** A picture of the same, beside the table: then it takes a whole row. */
  beside?: ComponentChildren;
};

type Row = Answer['results'][number];

export const shownRows = 8;
export const allRows = 1000;

const formats: Partial<Record<Metric, (value: number) => string>> = {
  bounce_rate: percent, conversion_rate: percent, percentage: percent, scroll_depth: percent, visit_duration: duration, time_on_page: duration,
};

function metricColumn(metric: Metric, place: number, own: BreakdownTab['titles']): Column<Row> {
  const titles: Record<string, string> = { ...text.metrics, ...own };
  const format = formats[metric] ?? brief;
  const of = (row: Row) => row.metrics[place] ?? null;
  return {
    title: titles[metric] ?? metric,
    value: (row) => {
      const value = of(row);
      return typeof value === 'object' ? (value?.value ?? null) : value;
    },
    show: (row) => {
      const value = of(row);
      if (value === null) return none;
      return typeof value === 'object' ? revenue(value) : format(value);
    },
  };
}

export function question(tab: BreakdownTab, scope: ReturnType<typeof scopeOf>, metrics: readonly Metric[], limit: number): Query {
  return { ...scope, metrics: [...metrics], dimensions: [tab.dimension], include: { total_rows: true }, pagination: { limit } };
}

export function Breakdown({ name, title, tabs, emptyTitle, emptyHint, beside }: BreakdownProps) {
  const { place } = useNavigation();
  const [chosen, choose] = useOption(name, tabs.map((tab) => tab.name), tabs[0].name);
  const [isOpen, setOpen] = useState(false);
  const tab = tabs.find((tab) => tab.name === chosen) ?? tabs[0];
  const answered = useAnswer(question(tab, scopeOf(place, tab.filters), tab.metrics, shownRows), (client, asked, signal) => client.query(asked, signal));
  const total = answered.value?.meta.total_rows ?? 0;
  return (
    <>
      <Panel
        title={title}
        class={beside === undefined ? 'breakdown' : 'breakdown breakdown-pictured wide'}
        tabs={tabs.length > 1 && <Tabs label={title} tabs={tabs.map((tab) => [tab.name, tab.title] as const)} chosen={tab.name} onChoose={choose} />}
        answered={answered}
        isEmpty={(answer) => answer.results.length === 0}
        emptyTitle={emptyTitle}
        emptyHint={emptyHint}
        skeleton="rows"
        exports={(answer) => [...(beside === undefined ? [] : [pngOf(title)]), { label: text.actions.csv, run: () => saveTable(tableOf(title, tab, tab.metrics, answer)) }]}
      >
        {(answer) => (
          <div class="beside">
            {beside}
            <div>
              <RankedTable title={title} tab={tab} metrics={tab.metrics} answer={answer} />
              {total > shownRows && <MoreButton total={total} onOpen={() => setOpen(true)} />}
            </div>
          </div>
        )}
      </Panel>
      {isOpen && <AllRows title={`${title}: ${tab.title}`} tab={tab} onClose={() => setOpen(false)} />}
    </>
  );
}

export function MoreButton({ total, onOpen }: { total: number; onOpen: () => void }) {
  return (
    <button type="button" class="more" onClick={onOpen}>
      {text.actions.more} <span>{say(text.actions.of, { shown: count(shownRows), total: count(total) })}</span>
    </button>
  );
}

/** Every row, with more metrics. */
function AllRows({ title, tab, onClose }: { title: string; tab: BreakdownTab; onClose: () => void }) {
  const { place } = useNavigation();
  const metrics = [...tab.metrics, ...(tab.moreMetrics ?? [])];
  const { value, error, retry } = useAnswer(question(tab, scopeOf(place, tab.filters), metrics, allRows), (client, asked, signal) => client.query(asked, signal));
  return (
    <Dialog title={title} onClose={onClose}>
      {error !== undefined ? <Failure error={error} site={place.site} onRetry={retry} /> : value === undefined ? <Skeleton kind="rows" /> : (
        <>
          <RankedTable title={title} tab={tab} metrics={metrics} answer={value} onPicked={onClose} />
          <button type="button" class="button" onClick={() => saveTable(tableOf(title, tab, metrics, value))}>{text.actions.csv}</button>
        </>
      )}
    </Dialog>
  );
}

export function tableOf(caption: string, tab: BreakdownTab, metrics: readonly Metric[], answer: Answer) {
  const value = (row: Row) => row.dimensions[0] ?? '';
  const head: Column<Row> = { title: dimensionName(tab.dimension), value, show: (row) => valueName(tab.dimension, value(row)) };
  return { caption, head, columns: metrics.map((metric, place) => metricColumn(metric, place, tab.titles)), rows: answer.results };
}

export function RankedTable({ title, tab, metrics, answer, onPicked }: { title: string; tab: BreakdownTab; metrics: readonly Metric[]; answer: Answer; onPicked?: () => void }) {
  const { place } = useNavigation();
  const addFilter = useAddFilter();
  const table = tableOf(title, tab, metrics, answer);
  const rank = (row: Row) => Number(row.metrics[0] ?? 0);
  const most = Math.max(1, ...answer.results.map(rank));
  return (
    <Table
      {...table}
      bar={(row) => rank(row) / most}
      isPicked={(row) => isFilteredBy(place.filters, tab.dimension, row.dimensions[0] ?? '')}
      onPick={(row) => {
        addFilter(['is', tab.dimension, [row.dimensions[0] ?? '']]);
        onPicked?.();
      }}
    />
  );
}
