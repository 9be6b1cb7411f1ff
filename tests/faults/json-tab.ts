// A page load whose tracker is written from SPEC.md alone, in the JSON form: it sends again whole, cut or merged with what came
// later, and has two requests under way at times.

import { setTimeout as sleep } from 'node:timers/promises';
import { chance } from '../support/visits.ts';
import type { Post } from './post.ts';
import { PROGRAM, type Tab, type Told } from './story.ts';

/** Events of a batch at the most. */
const MAX_EVENTS = 120;

/** Runs a tab until the collector has said of every event that it has it. */
export async function runJsonTab(tab: Tab, post: Post): Promise<void> {
  const random = chance(tab.seed);
  const upTo = (count: number) => Math.floor(random() * count);
  const events: (Told & { atMs: number; page: string })[] = [];
  const answered = new Set<number>();
  let [ticket, page, at, flying] = ['', '/', tab.address, 0];

  /** From the first unanswered event on: all, or as many as chance has it; at times from a later one. */
  const run = (): [number, number] => {
    const from = events.findIndex((_, number) => !answered.has(number));
    const left = Math.min(events.length - from, MAX_EVENTS);
    const skipped = random() < 0.1 ? upTo(left) : 0;
    const count = random() < 0.3 ? 1 + upTo(left - skipped) : left - skipped;
    return [from + skipped, from + skipped + count];
  };

  /** Sends a run; whether a reply to it came. */
  const send = async (from: number, to: number): Promise<boolean> => {
    const now = Date.now();
    const sent = events.slice(from, to);
    const after = sent.map(({ atMs }, place) => atMs - (sent[place - 1]?.atMs ?? now));
    const batch = {
      site: tab.site, tab: tab.id, first: from, sent_at_ms: now, visitor: tab.visitor, ticket,
      page: events[from - 1]?.page ?? '/', viewport: [1280, 720],
      events: sent.map(({ kind }, place) => ({ after_ms: after[place], ...kind })),
    };
    const refused: Record<string, number> = {};
    const reasons = sent.flatMap(({ refused }) => (tab.userAgent === PROGRAM ? 'bot' : (refused ?? [])));
    for (const reason of reasons) refused[reason] = (refused[reason] ?? 0) + 1;
    if (flying === 0 && (ticket !== '' || tab.movesEarly) && random() < 0.3) at = tab.laterAddress;
    flying += 1;
    const reply = await post({ site: tab.site, events: sent.length, refused }, at, tab.userAgent, Buffer.from(JSON.stringify(batch)));
    flying -= 1;
    if (reply === undefined || reply.status !== 200) {
      const again = reply === undefined || reply.status === 429 || reply.status >= 500;
      if (!again) throw new Error(`a batch was refused: ${reply.status} ${Buffer.from(reply.body)}`);
      return false;
    }
    const said = JSON.parse(Buffer.from(reply.body).toString());
    if (said.accepted + said.duplicate + said.refused.length !== sent.length) throw new Error(`${sent.length} events were answered with ${JSON.stringify(said)}`);
    ticket = said.ticket || ticket;
    for (let number = from; number < to; number++) answered.add(number);
    return true;
  };

  const deliver = async (): Promise<void> => {
    for (let waitMs = 50; answered.size < events.length; ) {
      const [from, to] = run();
      // What leaves a page twice leaves it at once.
      const twice = random() < 0.1;
      const [came] = await Promise.all([send(from, to), ...(twice ? [send(from, to)] : [])]);
      waitMs = came ? 50 : Math.min(2 * waitMs, 1_000);
      if (!came) await sleep(random() * waitMs);
    }
  };

  for (const burst of tab.bursts) {
    for (const told of burst) {
      const happened = { ...told, atMs: Date.now() - (told.agoMs ?? 0) - tab.agoMs, page };
      if (told.kind['pageview'] !== undefined) happened.page = page = told.kind['pageview'].path;
      events.push(happened);
    }
    await sleep(random() * 400);
    if (random() < 0.7) await deliver();
  }
  await deliver();
}
