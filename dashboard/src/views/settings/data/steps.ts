// The steps of which outcomes are shown: the last sixty minutes, or hours, or days, by the site's clocks.

import type { OutcomeSteps } from '../../../api/account.ts';
import { clockMs } from '../../../text/format.ts';

export type Interval = OutcomeSteps['interval'];
export const intervals = ['minute', 'hour', 'day'] as const satisfies readonly Interval[];

const lengths: Record<Interval, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const shown: Record<Interval, number> = { minute: 60, hour: 48, day: 30 };

/** What the clocks of a zone show, as milliseconds of a clock that is always UTC; of a zone that is not known, UTC. */
export function clockOf(ms: number, zone: string): number {
  const shown = (timeZone: string) => new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone }).format(ms);
  try {
    return clockMs(shown(zone));
  } catch {
    return clockMs(shown('UTC'));
  }
}

/** The steps as answers call them, the newest at the end. */
export function labelsOf(interval: Interval, clock: number): string[] {
  const length = lengths[interval];
  const last = Math.floor(clock / length) * length;
  const label = (ms: number) => new Date(ms).toISOString().slice(0, interval === 'day' ? 10 : 19).replace('T', ' ');
  return Array.from({ length: shown[interval] }, (_, at) => label(last - (shown[interval] - 1 - at) * length));
}

/** The question about all of these steps. */
export function askedOf(interval: Interval, labels: readonly string[]): OutcomeSteps {
  const day = (label: string | undefined) => label?.slice(0, 10) ?? '';
  return { period: 'custom', date: `${day(labels[0])},${day(labels[labels.length - 1])}`, interval };
}
