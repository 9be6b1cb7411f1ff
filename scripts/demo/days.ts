// The shop's days: who comes on each, when, and what they do. A day is the same whenever it is asked for, so what was sent of it
// before is known to the collector when it is sent again.

import { type Random, chance, hex } from './chance.ts';
import { drawOf, originOf } from './origins.ts';
import { type Person, freeHour, person } from './people.ts';
import type { Step } from './steps.ts';
import { bringBack, walk } from './walk.ts';

export const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** The shop opened, with so many visits a day; each day since has brought a little more. */
const opened = Date.UTC(2026, 7, 1) / dayMs;
const [first, more] = [420, 2.4];
/** By weekday, from Sunday on. */
const rhythm = [1.22, 0.92, 0.86, 0.88, 0.94, 0.98, 1.2];
/** Of a day's visits, those by people who come for the first time. */
const newcomers = 0.76;

export type Visitor = { tab: string; person: Person; startMs: number; steps: Step[] };

/** How many visits a day has. */
export function visitsOn(day: number): number {
  const weekday = new Date(day * dayMs).getUTCDay();
  const chanceOfDay = 0.93 + chance(day, 3)() * 0.14;
  return Math.round(Math.max(120, first + more * (day - opened)) * rhythm[weekday]! * drawOf(day) * chanceOfDay);
}

const firstTimers = (day: number): number => Math.floor(visitsOn(day) * newcomers);

function visit(day: number, number: number): Visitor & { order: string } {
  const random = chance(day, number, 4);
  const isReturning = number >= firstTimers(day);
  const who = isReturning ? someoneOf(random, day - 1 - Math.floor(random() ** 2.5 * 40)) : person(day, number);
  const tab = hex(random, 16);
  const startMs = day * dayMs + ((freeHour(random) - who.home.hoursAhead + 24) % 24) * hourMs;
  const order = `FW-${day.toString(36)}${number.toString(36)}`.toUpperCase();
  return { tab, person: who, startMs: Math.floor(startMs), steps: walk(random, who, originOf(random, day, isReturning), isReturning, order), order };
}

const someoneOf = (random: Random, day: number): Person => person(day, Math.floor(random() * firstTimers(day)));

/** Orders of a day that come back some days later, each with whose it is. */
function returned(day: number): { person: Person; order: string }[] {
  const all = Array.from({ length: visitsOn(day) }, (_, number) => visit(day, number));
  const random = chance(day, 5);
  return all.filter(({ steps }) => steps.some(({ event }) => 'order' in event)).filter(() => random() < 0.07);
}

/** A day's visits, the earliest first. */
export function visitsOf(day: number): Visitor[] {
  const shopping: Visitor[] = Array.from({ length: visitsOn(day) }, (_, number) => visit(day, number));
  const refunds = returned(day - 4).map(({ person, order }, number): Visitor => {
    const random = chance(day, number, 6);
    return { tab: hex(random, 16), person, startMs: Math.floor(day * dayMs + random() * 20 * hourMs), steps: bringBack(random, person, order) };
  });
  return [...shopping, ...refunds].sort((a, b) => a.startMs - b.startMs);
}
