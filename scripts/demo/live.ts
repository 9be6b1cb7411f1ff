// What happens in the shop from now on, sent as trackers send it: in batches over the public route, each when the collector has
// asked for it. These are the visits that the past is made of, so what is imported later is known.

import { setTimeout as wait } from 'node:timers/promises';
import { type Visitor, dayMs, visitsOf } from './days.ts';

/** Time, which a test may have pass as it likes. */
export type Clock = { now: () => number; until: (ms: number) => Promise<void> };
export const realClock: Clock = { now: Date.now, until: async (ms) => void (await wait(Math.max(0, ms - Date.now()))) };

export type Shop = { url: string; site: string };
type Reply = { flush_after_ms: number; ticket: string };

/** After how long what could not be sent is sent again. */
const againMs = 2000;

/** Sends a visit's events from one place on, as they happen. */
export async function play({ url, site }: Shop, { tab, person: { visitor, home, device }, startMs, steps }: Visitor, first: number, clock: Clock = realClock): Promise<void> {
  const at = (place: number) => startMs + steps[place]!.after_ms;
  const pageAt = (place: number) => (steps.slice(0, place).findLast(({ event }) => 'pageview' in event)?.event['pageview'] as { path: string } | undefined)?.path ?? '';
  const headers = {
    'content-type': 'text/plain',
    'user-agent': device.agent,
    // What a network knows of its client; the platform on this machine is told it here.
    'mf-cf-blob': JSON.stringify({ country: home.country, regionCode: home.region.slice(3), city: home.city }).replace(/[^ -~]/g, escaped),
  };
  const context = { screen: device.screen, language: home.language, time_zone: home.timeZone };
  let [next, ticket, flushMs] = [first, '', 0];
  while (next < steps.length) {
    await clock.until(Math.min(Math.max(at(next), clock.now()) + flushMs, Math.max(at(steps.length - 1), clock.now())));
    const now = Math.max(clock.now(), at(next));
    const due = steps.slice(next).filter(({ after_ms }) => startMs + after_ms <= now);
    const events = due.map(({ event }, place) => ({ after_ms: at(next + place) - (place === 0 ? now : at(next + place - 1)), ...event }));
    const batch = { site, tab, visitor, ticket, first: next, page: pageAt(next), viewport: device.window, context, events };
    const answer = await fetch(`${url}/e`, { method: 'POST', body: JSON.stringify(batch), headers }).catch(() => undefined);
    if (answer?.ok) {
      const reply = (await answer.json()) as Reply;
      [next, ticket, flushMs] = [next + due.length, reply.ticket || ticket, reply.flush_after_ms];
    } else {
      await clock.until(clock.now() + againMs);
    }
  }
}

/** JSON's own way to write what a header may not hold. */
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** How many of a visit's steps happened until then. */
export const stepsUntil = ({ startMs, steps }: Visitor, ms: number): number => steps.filter(({ after_ms }) => startMs + after_ms <= ms).length;

/** Plays the shop's days, from a moment on. */
export async function playOn(shop: Shop, fromMs: number, clock: Clock = realClock): Promise<never> {
  for (let day = Math.floor(fromMs / dayMs); ; day++) {
    // Those of yesterday may be under way.
    const began = day === Math.floor(fromMs / dayMs) ? [...visitsOf(day - 1), ...visitsOf(day)] : visitsOf(day);
    for (const visit of began) {
      const first = stepsUntil(visit, fromMs);
      if (first === visit.steps.length) continue;
      await clock.until(visit.startMs);
      void play(shop, visit, first, clock);
    }
  }
}
