// Where visits come from, as the day has it: a newsletter on the first Sunday of the month, as the shop promises it, a campaign
// of twelve days, now and then a thread that is read by many.

import { type Random, chance, pick } from './chance.ts';

export type Origin = { referrer?: string; query?: string };

const dayMs = 86_400_000;
const weekday = (day: number): number => new Date(day * dayMs).getUTCDay();
const dayOfMonth = (day: number): number => new Date(day * dayMs).getUTCDate();

/** How many days ago the last newsletter was. */
function sinceNewsletter(day: number): number {
  for (let ago = 0; ; ago++) if (weekday(day - ago) === 0 && dayOfMonth(day - ago) <= 7) return ago;
}

const isAutumn = (day: number): boolean => day % 28 < 12;
const isTalkedAbout = (day: number): boolean => chance(day, 2)() < 1 / 18;

/** What each brings on a day, against all of an ordinary day, which is 100. */
function shares(day: number): [origin: Origin, share: number][] {
  const newsletter = [70, 26, 9, 4][sinceNewsletter(day)] ?? 1;
  return [
    [{}, 27],
    [{ referrer: 'https://www.google.com/' }, 29],
    [{ referrer: 'https://search.naver.com/search.naver' }, 6],
    [{ referrer: 'https://duckduckgo.com/' }, 3],
    [{ referrer: 'https://www.bing.com/' }, 3],
    [{ referrer: 'https://chatgpt.com/' }, 3],
    [{ referrer: 'https://www.youtube.com/' }, 4],
    [{ referrer: 'https://trains.example/night-trains' }, 4],
    [{ referrer: 'https://www.reddit.com/r/onebag/' }, isTalkedAbout(day) ? 55 : 3],
    [{ referrer: 'https://www.google.com/', query: 'utm_source=google&utm_medium=cpc&utm_campaign=backpacks-brand' }, 7],
    [{ referrer: 'https://www.instagram.com/', query: 'utm_source=instagram&utm_medium=social&utm_campaign=autumn-trails' }, isAutumn(day) ? 20 : 2],
    [{ query: 'utm_source=newsletter&utm_medium=email&utm_campaign=letters-from-elsewhere' }, newsletter],
  ];
}

/** How much a day brings, against an ordinary one. */
export const drawOf = (day: number): number => shares(day).reduce((sum, [, share]) => sum + share, 0) / 100;

/** Where a visit comes from. Who has been there before mostly knows the way. */
export function originOf(random: Random, day: number, isReturning: boolean): Origin {
  return isReturning && random() < 0.55 ? {} : pick(random, shares(day));
}
