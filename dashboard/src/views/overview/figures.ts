// The key figures: what is asked for them, and what the answers say.

import type { Answer, Filter, Metric, Query, Revenue, Saved } from '../../../../edge-collector/api.d.ts';
import { comparisonOf, scopeOf } from '../../api/questions.ts';
import type { Point } from '../../charts/time-chart.tsx';
import type { Dates, Interval } from '../../state/dates.ts';
import type { Place } from '../../state/place.ts';
import { isByPage } from '../../state/segments.ts';
import { brief, change, clockMs, decimal, duration, money, percent } from '../../text/format.ts';
import { text } from '../../text/index.ts';

export const traffic = ['visitors', 'visits', 'pageviews', 'views_per_visit', 'bounce_rate', 'visit_duration'] as const satisfies readonly Metric[];
export const selling = ['conversion_rate', 'total_revenue'] as const satisfies readonly Metric[];
export const ofOrders: readonly Metric[] = ['events', ...selling];
export type Figure = (typeof traffic)[number] | (typeof selling)[number];
export const figures: readonly Figure[] = [...traffic, ...selling];

/** Orders, of all that can be a goal. */
const orders: Filter = ['is', 'event:goal', ['order']];

/** `segments` are those of the site; nothing is asked while it depends on them and they are not known. */
export function totalsQuestion(place: Place, segments: Saved['segments'] | undefined): Query | undefined {
  const byPage = isByPage(place.filters, segments);
  // Metrics of whole visits do not go with a filter on single pages.
  const metrics = traffic.filter((metric) => byPage === false || metric !== 'views_per_visit');
  return byPage === undefined ? undefined : { ...scopeOf(place), metrics, ...comparisonOf(place) };
}

/** About orders: what they came to, and who placed them. */
export function ordersQuestion(place: Place, metrics: readonly Metric[]): Query {
  return { ...scopeOf(place, [orders]), metrics: [...metrics], ...comparisonOf(place) };
}

/** What part of the visitors reached one of these goals. */
export function conversionQuestion(place: Place, goals: readonly string[]): Query {
  return { ...scopeOf(place, [['is', 'event:goal', [...goals]]]), metrics: ['conversion_rate'], ...comparisonOf(place) };
}

/** The same over time; of another period, if its bounds are given. */
export function overTime(question: Query, interval: Interval, bounds?: Bounds): Query {
  const { include: _, ...rest } = question;
  const dates = bounds === undefined ? {} : { date_range: [bounds[0], bounds[1]] as [string, string] };
  return { ...rest, ...dates, dimensions: [interval], include: { time_labels: true } };
}

type Cell = number | Revenue | null;

export type FigureValue = { value: Cell; before: Cell; change: number | null };

/** A metric of an answer without dimensions. */
export function figureOf(answer: Answer | undefined, figure: Metric): FigureValue | undefined {
  const place = metricsOf(answer).indexOf(figure);
  const row = answer?.results[0];
  if (row === undefined || place < 0) return undefined;
  const { comparison } = row;
  return { value: row.metrics[place] ?? null, before: comparison?.metrics[place] ?? null, change: comparison?.change[place] ?? null };
}

function metricsOf(answer: Answer | undefined): readonly unknown[] {
  const metrics = answer?.query['metrics'];
  return Array.isArray(metrics) ? metrics : [];
}

export const amount = (cell: Cell): number | null => (typeof cell === 'object' ? (cell?.value ?? null) : cell);

/** Whether a period without any has 0 of it. */
const isCount = (figure: Metric) => ['visitors', 'visits', 'pageviews', 'events', 'total_revenue', 'conversion_rate'].includes(figure);

export function seriesOf(answer: Answer, figure: Metric): Point[] {
  const place = metricsOf(answer).indexOf(figure);
  const known = new Map(answer.results.map(({ dimensions, metrics }) => [dimensions[0], amount(metrics[place] ?? null)]));
  const end = nowOnClock(answer);
  return (answer.meta.time_labels ?? []).map((label) => {
    const ms = clockMs(label);
    return { ms, value: ms > end ? null : (known.get(label) ?? (isCount(figure) ? 0 : null)) };
  });
}

/** The currency of a series' amounts. */
export function currencyOf(answer: Answer | undefined): string | undefined {
  for (const { metrics } of answer?.results ?? []) {
    for (const cell of metrics) if (typeof cell === 'object' && cell !== null) return cell.currency;
  }
  return undefined;
}

/** Two instants as the collector writes them, with the site's offset. */
export type Bounds = readonly [from: string, to: string];

function bounds(answer: Answer, name: 'date_range' | 'comparison_date_range'): Bounds | undefined {
  const range = answer.query[name];
  if (!Array.isArray(range)) return undefined;
  const [from, to] = range as unknown[];
  return typeof from === 'string' && typeof to === 'string' ? [from, to] : undefined;
}

/** The bounds of what was compared with. */
export const comparedBounds = (answer: Answer) => bounds(answer, 'comparison_date_range');

/** The first and the last day that an answer is about, by the site's calendar. */
export function echoedDates(answer: Answer): Dates | undefined {
  const range = bounds(answer, 'date_range');
  return range && [range[0].slice(0, 10), range[1].slice(0, 10)];
}

/** Now, as the site's clocks show it: what is later has not happened yet. */
function nowOnClock(answer: Answer): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(bounds(answer, 'date_range')?.[1] ?? '') ?? [];
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return Date.now() + (sign === '-' ? -offset : offset);
}

/** How a figure is written. */
export function writer(figure: Metric, currency: string | undefined): (value: number) => string {
  switch (figure) {
    case 'bounce_rate':
    case 'conversion_rate':
      return percent;
    case 'visit_duration':
      return duration;
    case 'views_per_visit':
      return decimal;
    case 'total_revenue':
    case 'average_revenue':
      return (value) => (currency === undefined ? brief(value) : money(value, currency));
    default:
      return brief;
  }
}

/** A change in words: of shares in points, of the rest in percent. */
export function changeInWords(figure: Metric, value: number): string {
  return figure === 'bounce_rate' || figure === 'conversion_rate' ? `${decimal(value)} ${text.overview.points}`.replace(/^(?=\d)/, value > 0 ? '+' : '') : change(value);
}

/** Whether there are no fractions of it. */
export const isWhole = (figure: Metric) => ['visitors', 'visits', 'pageviews', 'events'].includes(figure);

/** Whether more of it is worse. */
export const isBetterLow = (figure: Metric) => figure === 'bounce_rate';
