// Numbers, amounts and times as people of the browser's locale write them. Times come from the collector as the site's clocks
// show them, and are shown so: the zone of this browser never enters.

import type { Revenue } from '../../../edge-collector/api.d.ts';
import type { Dates, Interval } from '../state/dates.ts';
import { language, text } from './index.ts';

/** The browser's own locale where it is of the shown language, so that dates and words agree. */
const locale = navigator.languages.find((tag) => tag.toLowerCase().startsWith(language)) ?? language;

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
const fraction = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const signed = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, signDisplay: 'exceptZero' });

/** What stands where there is no number. */
export const none = '–';

export const count = (value: number) => whole.format(value);
export const decimal = (value: number) => fraction.format(value);
/** In full up to five digits, then shortened. */
export const brief = (value: number) => (Math.abs(value) < 100_000 ? whole.format(value) : short.format(value));
export const percent = (value: number) => `${fraction.format(value)}%`;
export const change = (value: number) => `${signed.format(value)}%`;

const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

/** A number of bytes, in the unit of which there is at least one. */
export function bytes(value: number): string {
  const at = value < 1 ? 0 : Math.min(sizes.length - 1, Math.floor(Math.log10(value) / 3));
  return new Intl.NumberFormat(locale, { style: 'unit', unit: sizes[at] ?? 'byte', unitDisplay: 'short', maximumFractionDigits: 1 }).format(value / 1000 ** at);
}

/** `3m 05s`; in Korean `3분 5초`. */
export function duration(seconds: number): string {
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'narrow', maximumFractionDigits: 0 }).format(value);
  const all = Math.round(seconds);
  if (all < 60) return unit(all, 'second');
  if (all < 3600) return `${unit(Math.floor(all / 60), 'minute')} ${unit(all % 60, 'second')}`;
  if (all < 86_400) return `${unit(Math.floor(all / 3600), 'hour')} ${unit(Math.floor((all % 3600) / 60), 'minute')}`;
  return `${unit(Math.floor(all / 86_400), 'day')} ${unit(Math.floor((all % 86_400) / 3600), 'hour')}`;
}

function currencyFormat(currency: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat | undefined {
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger', ...options });
  } catch {
    // A site may send any three letters, and more.
    return undefined;
  }
}

/** An amount of the currency's major unit; of ten thousand and more without its minor one, of which nobody reads anything then. */
export function money(value: number, currency: string): string {
  const size = Math.abs(value);
  const format = currencyFormat(currency, size >= 100_000 ? { notation: 'compact', maximumFractionDigits: 1 } : size >= 10_000 ? { maximumFractionDigits: 0 } : {});
  return format?.format(value) ?? `${fraction.format(value)} ${currency}`;
}

/** An amount of the currency's minor unit. */
export function minorMoney(minor: number, currency: string): string {
  const digits = currencyFormat(currency)?.resolvedOptions().maximumFractionDigits ?? 2;
  return money(minor / 10 ** digits, currency);
}

export const revenue = (value: Revenue) => money(value.value, value.currency);

/** A clock's time, `2026-11-21` or `2026-11-21 14:00:00`, as milliseconds of a clock that is always UTC. */
export function clockMs(label: string): number {
  return Date.parse(`${label.length === 10 ? `${label} 00:00:00` : label}Z`.replace(' ', 'T'));
}

const formats = new Map<string, Intl.DateTimeFormat>();

function onClock(ms: number, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify(options);
  let format = formats.get(key);
  if (format === undefined) formats.set(key, (format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' })));
  return format.format(ms);
}

/** A step of a chart, in full. */
export function step(ms: number, interval: Interval): string {
  if (interval === 'time:hour') return onClock(ms, { weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' });
  if (interval === 'time:month') return onClock(ms, { month: 'long', year: 'numeric' });
  return onClock(ms, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
}

/** A step of a chart, on its axis. */
export function tick(ms: number, interval: Interval): string {
  if (interval === 'time:month') return onClock(ms, { month: 'short', year: '2-digit' });
  if (interval === 'time:hour' && ms % 86_400_000 !== 0) return onClock(ms, { hour: 'numeric' });
  return onClock(ms, { day: 'numeric', month: 'short' });
}

/** A time of day of the site's, from an event's `at`: of 24 hours, as logs have it, so that it takes the same room everywhere. */
export function timeOfDay(at: string): string {
  return onClock(Date.parse(`${at}Z`), { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
}

/** A minute, an hour or a day on the site's clocks, as briefly as that can be said. */
export function wallTime(ms: number, of: 'minute' | 'hour' | 'day'): string {
  if (of === 'day') return onClock(ms, { day: 'numeric', month: 'short' });
  return onClock(ms, { ...(of === 'hour' ? { weekday: 'short' as const } : {}), hour: '2-digit', minute: '2-digit' });
}

export function date(label: string): string {
  return onClock(clockMs(label), { day: 'numeric', month: 'short', year: 'numeric' });
}

/** A day or a minute of the site's clocks. */
export function moment(at: string): string {
  if (at.length === 10) return date(at);
  return onClock(Date.parse(`${at}Z`), { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });
}

export function dates([first, last]: Dates): string {
  if (first === last) return date(first);
  const format = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  return format.formatRange(clockMs(first), clockMs(last));
}

/** An instant by the clocks of a zone; of one that this browser does not know, by UTC. */
export function instant(ms: number, zone: string): string {
  const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' };
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: zone }).format(ms);
  } catch {
    return onClock(ms, options);
  }
}

const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
const spans = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1000]] as const;

/** How long ago something was, in the largest unit of which that is at least one. */
export function ago(ms: number): string {
  const past = Math.max(0, Date.now() - ms);
  const [unit, length] = spans.find(([, length]) => past >= length) ?? ['second', 1000];
  return relative.format(-Math.floor(past / length), unit);
}

const names = { region: namesOf('region'), language: namesOf('language') };

function namesOf(type: 'region' | 'language'): (code: string) => string {
  const display = new Intl.DisplayNames(locale, { type });
  return (code) => {
    try {
      return display.of(code) ?? code;
    } catch {
      return code;
    }
  };
}

/** What a dimension's value is called: countries and languages by name, the rest as it is. */
export function valueName(dimension: string, value: string): string {
  if (dimension === 'visit:country' && /^[A-Z]{2}$/.test(value)) return names.region(value);
  if (dimension === 'visit:language' && /^[a-z]{2,3}(-|$)/i.test(value)) return names.language(value);
  const known: Record<string, string> = text.values;
  return (named.has(dimension) && Object.hasOwn(known, value) ? known[value] : undefined) ?? value;
}

/** Dimensions whose values are the collector's own words, at least some of them. */
const named = new Set(['visit:channel', 'visit:source', 'visit:referrer', 'visit:device', 'visit:screen', 'event:goal', 'event:name']);

export function dimensionName(dimension: string): string {
  const known: Record<string, string> = text.dimensions;
  return known[dimension] ?? dimension;
}
