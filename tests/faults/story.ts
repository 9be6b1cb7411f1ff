// What made-up visitors do, the same for the same seed; and so what must be counted of it.

import { chance } from '../support/visits.ts';
import { browser } from '../support/collector.ts';

/** An event in the contract's JSON form. `refused` is the reason for which no collector may count it. */
export type Told = { kind: Record<string, any>; refused?: string; agoMs?: number };

/** A page load: what happens on it, in bursts, as if so long ago. */
export type Tab = {
  site: string;
  id: string;
  form: 'compact' | 'json';
  agoMs: number;
  bursts: Told[][];
  /** The visitor's own id, with consent. */
  visitor: string | undefined;
  address: string;
  /** From here it goes on, once nothing of it is under way. */
  laterAddress: string;
  /**
   * Whether that may be before the first reply. Where nothing had arrived until then, a visitor without an id of their own is one
   * of the later address: so only if there is no other tab, which would be another's then.
   */
  movesEarly: boolean;
  userAgent: string;
  /** Decides what is left to chance while it runs. */
  seed: number;
};

/** The tabs of one visitor. */
export type Visitor = Tab[];

/** What a site's visitors did, less what is refused. */
export class Truth {
  visitors = 0;
  visits = 0;
  events = 0;
  readonly pageviews: Record<string, number> = {};
  readonly customs: Record<string, number> = {};

  add(visitor: Visitor): void {
    const counted = visitor.filter(isCounted);
    if (counted.length === 0) return;
    this.visitors += 1;
    this.visits += new Set(counted.map(({ agoMs }) => agoMs)).size;
    for (const { kind, refused } of counted.flatMap(({ bursts }) => bursts.flat())) {
      if (refused !== undefined) continue;
      this.events += 1;
      if (kind['pageview']) this.pageviews[kind['pageview'].path] = (this.pageviews[kind['pageview'].path] ?? 0) + 1;
      if (kind['custom']) this.customs[kind['custom'].name] = (this.customs[kind['custom'].name] ?? 0) + 1;
    }
  }
}

const isCounted = ({ userAgent, bursts }: Tab) => userAgent !== PROGRAM && bursts.flat().some(({ refused }) => refused === undefined);

export const PROGRAM = 'curl/8.5.0';

/** Further apart than a visit's longest gap, whatever a run of some minutes adds. */
const APART_MS = 50 * 60_000;

const PAGES = Array.from({ length: 40 }, (_, n) => `/page/${n}`);
const CUSTOMS = ['Signup', 'Add to cart', 'Purchase', 'Search', 'Share', 'Play', 'Zoom', 'Chat', 'Rate', 'Print'];

const BAD: Told[] = [
  { kind: { custom: { name: '' } }, refused: 'missing_field' },
  { kind: { custom: { name: 'x'.repeat(201) } }, refused: 'text_too_long' },
  { kind: { engagement: { visible_ms: 1, scroll_percent: 101 } }, refused: 'number_out_of_range' },
];

/** Where a tab begins with it and has no id of the visitor's own, its visitor is one of another day. */
const TOO_OLD: Told = { kind: { custom: { name: 'late' } }, refused: 'too_old', agoMs: 4 * 86_400_000 };

/**
 * Visitors of these sites without an end, with up to so many events in a burst. An event of a JSON tab may be one that is refused;
 * a visitor may be a program.
 */
export function* visitors(seed: number, sites: string[], burst: number): Generator<Visitor> {
  const random = chance(seed);
  const upTo = (count: number) => Math.floor(random() * count);
  const one = <T>(choices: readonly T[]): T => choices[upTo(choices.length)] as T;
  const hex = (digits: number) => Array.from({ length: digits }, () => upTo(16).toString(16)).join('');
  // Of a skewed choice: some pages and names have most of it.
  const skewed = <T>(choices: readonly T[]): T => choices[Math.floor(random() ** 2 * choices.length)] as T;

  const event = (bad: Told[]): Told => {
    const dice = random();
    if (bad.length > 0 && dice < 0.02) return one(bad);
    if (dice < 0.35) return { kind: { pageview: { path: skewed(PAGES), title: `Page ${upTo(100)}`, trigger: 'push' } } };
    if (dice < 0.7) return { kind: { custom: { name: skewed(CUSTOMS), props: { plan: one(['free', 'team']), step: upTo(9) } } } };
    if (dice < 0.85) return { kind: { click: { element: `#main>li:${upTo(30)}>a`, text: 'Read on', x_myriad: upTo(10_000), y_myriad: upTo(10_000) } } };
    return { kind: { engagement: { visible_ms: upTo(60_000), scroll_percent: upTo(100) } } };
  };

  for (let n = 0; ; n++) {
    const [site, isProgram, hasConsent] = [one(sites), random() < 0.02, random() < 0.4];
    const visitor = hasConsent ? hex(32) : undefined;
    const address = `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
    // Who has no id of their own is another visitor on another day (UTC).
    const today = Date.now() % 86_400_000;
    const visits = 1 + upTo(hasConsent || today > 4 * APART_MS ? 3 : 1);
    const tabs = 1 + upTo(3);
    yield Array.from({ length: tabs }, (_, tab): Tab => {
      const form = random() < 0.6 ? 'compact' : 'json';
      const events = () => Array.from({ length: 1 + upTo(burst) }, () => event(form === 'compact' ? [] : hasConsent ? [...BAD, TOO_OLD] : BAD));
      return {
        site, form, visitor, address,
        laterAddress: random() < 0.1 ? `${20 + tab}${address.slice(2)}` : address,
        movesEarly: tabs === 1 || hasConsent,
        id: hex(16),
        agoMs: upTo(visits) * APART_MS,
        bursts: Array.from({ length: 1 + upTo(5) }, events),
        userAgent: isProgram ? PROGRAM : browser,
        seed: upTo(2 ** 31),
      };
    });
  }
}
