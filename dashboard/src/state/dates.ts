// Ranges of dates and the steps they are drawn in. Dates are the site's own, as text: no clock of this browser is in them.

import type { DateRange, TimeDimension } from '../../../edge-collector/api.d.ts';

export const presets = ['day', '7d', '28d', '91d', 'month', '6mo', '12mo', 'year', 'all'] as const;
export type Preset = (typeof presets)[number];
export type Dates = readonly [first: string, last: string];
export type Range = Preset | Dates;

export const comparisons = ['none', 'previous_period', 'year_over_year'] as const;
export type Comparison = (typeof comparisons)[number];

export const intervals = ['time:hour', 'time:day', 'time:week', 'time:month'] as const satisfies readonly TimeDimension[];
export type Interval = (typeof intervals)[number];

const dayMs = 86_400_000;

/** The start of a date as milliseconds on the site's clocks, or NaN of what is no date. */
export function dateMs(date: string): number {
  return /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : NaN;
}

function asDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The days of some dates, both ends included. */
export function daysOf([first, last]: Dates): number {
  return Math.round((dateMs(last) - dateMs(first)) / dayMs) + 1;
}

/** As many days right before, or after, these. */
export function shifted(dates: Dates, by: -1 | 1): Dates {
  const distance = by * daysOf(dates) * dayMs;
  return [asDate(dateMs(dates[0]) + distance), asDate(dateMs(dates[1]) + distance)];
}

export function readRange(text: string | null): Range | undefined {
  const preset = presets.find((name) => name === text);
  if (preset !== undefined) return preset;
  const [first, last, ...more] = (text ?? '').split('_');
  if (first === undefined || last === undefined || more.length > 0) return undefined;
  return dateMs(first) <= dateMs(last) ? [first, last] : undefined;
}

export function writeRange(range: Range): string {
  return typeof range === 'string' ? range : range.join('_');
}

export function asDateRange(range: Range): DateRange {
  return typeof range === 'string' ? range : [range[0], range[1]];
}

/** About how many days a range has, without asking what day it is. */
function roughDays(range: Range): number {
  const days: Record<Preset, number> = { day: 1, '7d': 7, '28d': 28, '91d': 91, month: 31, '6mo': 183, '12mo': 365, year: 365, all: 3653 };
  return typeof range === 'string' ? days[range] : daysOf(range);
}

/** The steps in which a range can be drawn: at least two of them, and no more than a chart can show. */
export function intervalsOf(range: Range): Interval[] {
  const days = roughDays(range);
  const lengths: Record<Interval, number> = { 'time:hour': 1 / 24, 'time:day': 1, 'time:week': 7, 'time:month': 30 };
  return intervals.filter((interval) => days / lengths[interval] >= 2 && days / lengths[interval] <= 400);
}

/** The step that shows most and is still calm. */
export function fittingInterval(range: Range): Interval {
  const days = roughDays(range);
  if (days <= 3) return 'time:hour';
  if (days <= 100) return 'time:day';
  return days <= 400 ? 'time:week' : 'time:month';
}
