// The accounts of what the collector was asked, kept at the proxy, which hears every reply: also those that no tab hears.
//
// What a reply says is known. A request that was not cut short and got no reply, or one that says that it failed (5xx), may
// have been taken in and counted, or not: of each of its events the collector may have made one count, or none. A request of
// which only half was sent is no batch, and counts for nothing.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../support/collector.ts';
import { ANSWER_WITHIN_MS, type Ask, type Exchange, type Reply } from '../support/faulty-proxy.ts';
import { HELD, type Held } from './post.ts';

const MINUTE_MS = 60_000;

type Counts = Record<string, number>;
const add = (counts: Counts, name: string | number, count: number) => (counts[name] = (counts[name] ?? 0) + count);

/** Reasons by their number in the contract, which the compact reply has: the order in which the code lists them. */
const REASONS = [...readFileSync(path.join(root, 'protocol/src/reply.rs'), 'utf8').matchAll(/^ {4}\w+ = "(\w+)",$/gm)].map(([, reason]) => reason);

/** What a reply says became of each event. */
function outcomes({ body }: Reply): Counts {
  const counts: Counts = {};
  const refuse = (reason: string | undefined) => add(counts, `refused:${reason}`, 1);
  if (body[0] === 123) {
    const { accepted, duplicate, refused } = JSON.parse(body.toString());
    for (const { reason } of refused) refuse(reason);
    return { ...counts, accepted, duplicate };
  }
  let at = 1; // behind the version
  const varint = () => {
    let [value, shift] = [0, 1];
    for (;;) {
      const byte = body[at++];
      if (byte === undefined) throw new Error('a reply ends early');
      value += (byte & 127) * shift;
      if (byte < 128) return value;
      shift *= 128;
    }
  };
  varint(); // flush_after_ms
  const ticketBytes = varint();
  at += ticketBytes;
  const [accepted, duplicate] = [varint(), varint()];
  for (let left = varint(); left > 0; left--) {
    varint();
    refuse(REASONS[varint()]);
  }
  return { ...counts, accepted, duplicate };
}

/** A site's account. */
export class Account {
  /** By outcome: what replies said. */
  readonly known: Counts = {};
  /** By outcome: how many more there may be. */
  readonly unknown: Counts = {};
  /** By minute: events that were received in it for certain, and all that may have been. */
  readonly leastOfMinute: Counts = {};
  readonly mostOfMinute: Counts = {};
  lost = 0;
  /** Of the lost: those for which nobody waited any longer. */
  unanswered = 0;

  #take(held: Held, { fromMs, toMs, reply, isCut }: Ask): void {
    if (isCut) return;
    const [from, to] = [Math.floor((fromMs - 5) / MINUTE_MS), Math.floor((toMs + 5) / MINUTE_MS)];
    for (let minute = from; minute <= to; minute++) add(this.mostOfMinute, minute, held.events);
    if (reply?.status === 200) {
      if (from === to) add(this.leastOfMinute, from, held.events);
      for (const [name, count] of Object.entries(outcomes(reply))) add(this.known, name, count);
      return;
    }
    this.lost += 1;
    if (toMs - fromMs >= ANSWER_WITHIN_MS) this.unanswered += 1;
    const refused = Object.entries(held.refused);
    for (const [reason, count] of refused) add(this.unknown, `refused:${reason}`, count);
    const good = held.events - refused.reduce((sum, [, count]) => sum + count, 0);
    add(this.unknown, 'accepted', good);
    add(this.unknown, 'duplicate', good);
  }

  /** Enters a request that is over into the account of its site. */
  static enter(accounts: Record<string, Account>, exchange: Exchange): void {
    const held = JSON.parse(`${exchange.headers[HELD]}`) as Held;
    const account = (accounts[held.site] ??= new Account());
    for (const ask of exchange.asks) account.#take(held, ask);
  }
}
