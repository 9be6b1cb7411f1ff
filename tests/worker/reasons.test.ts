// Every reason for which an event is refused: something that provokes it, what the sender is told, and that it is counted. Of
// each the sender also learns that the good event beside it counts, where one stands there.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { type Answer, Collector, adminKey, aMoment, custom, pageview, root } from '../support/collector.ts';

const HOUR_MS = 3_600_000;
const ID = 'a1b2c3d4e5f60718293a4b5c6d7e8f90';
const LONG_PAGE = `/${'x'.repeat(2_000)}`;

const order = (fields: object) => ({ after_ms: 0, order: { id: 'o1', total: { amount_minor: 995, currency: 'EUR' }, items: [], ...fields } });
const many = (count: number) => Array.from({ length: count }, () => custom('x'));
const props = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, n]));

/** What is sent of a site of that reason's name, and how many of its events are refused; `accepted` are the others. */
type Case = {
  settings?: object;
  send: (site: string) => Promise<Answer>;
  refused?: number;
  accepted?: number;
  /** All of them, where how many are refused follows from their bytes: some, and not all. */
  all?: number;
  /** What the sender is told, where that is no reply that lists events. */
  told?: (answer: Answer) => void;
};

let collector: Collector;
const batch = (events: object[], more: object = {}, headers?: Record<string, string>) => (site: string) => collector.send({ site, events, ...more }, headers);
/** A page view that counts, and behind it one event. */
const beside = (event: object): Case => ({ send: batch([pageview('/'), event]), accepted: 1 });

const cases: Record<string, Case> = {
  missing_field: beside(custom('')),
  text_too_long: beside(custom('x'.repeat(201))),
  too_many_props: beside({ after_ms: 0, custom: { name: 'x', props: props(31) } }),
  too_many_items: beside(order({ items: Array.from({ length: 201 }, () => ({ product: { id: 'i' }, quantity: 1 })) })),
  number_out_of_range: beside(order({ total: { amount_minor: 10 ** 15 + 1, currency: 'EUR' } })),
  too_old: { send: batch([custom('x', -73 * HOUR_MS), custom('x', 73 * HOUR_MS)]), accepted: 1 },
  in_future: beside(custom('x', 120_000)),
  session_full: {
    // Five batches of a quarter of a megabyte, of which a megabyte fits.
    async send(site) {
      let answer!: Answer;
      for (let first = 0; first < 600; first += 120) answer = await collector.send({ site, first, page: LONG_PAGE, events: many(120) });
      return answer;
    },
    all: 600,
  },
  host_not_allowed: { settings: { hosts: ['elsewhere.example'] }, ...beside(pageview('/', { host: 'evil.example' })) },
  bot: { send: batch([pageview('/'), custom('x')], {}, { 'user-agent': 'curl/8.5.0' }), refused: 2 },
  limited: {
    settings: { batches_per_minute_of_address: 1 },
    async send(site) {
      await collector.send({ site, events: [pageview('/')] });
      return collector.send({ site, first: 1, events: many(3) });
    },
    refused: 3,
    accepted: 1,
    told: ({ status, json }) => assert.deepEqual([status, json.type], [429, 'urn:passerby:problem:limited']),
  },
  too_heavy: { send: batch(many(200), { page: LONG_PAGE }), all: 200 },
  malformed: {
    send: (site) => collector.request('/v1/batch', { method: 'POST', body: JSON.stringify({ writeKey: site, batch: [{ type: 'none', anonymousId: 'a' }, { type: 'track', event: 'x', anonymousId: 'a' }] }) }),
    accepted: 1,
    told: ({ status }) => assert.equal(status, 200),
  },
  local_host: beside(pageview('/', { host: 'localhost' })),
  erased: {
    async send(site) {
      await collector.send({ site, visitor: ID, events: [pageview('/')] });
      const erased = await collector.request(`/api/v1/visitors/${ID}?site_id=${site}`, { method: 'DELETE', headers: { authorization: `Bearer ${adminKey}` } });
      assert.equal(erased.status, 200);
      return collector.send({ site, first: 1, visitor: ID, events: [custom('x', -HOUR_MS), custom('x', HOUR_MS)] });
    },
    accepted: 2,
  },
};

before(async () => {
  collector = await Collector.start({ sites: Object.fromEntries(Object.entries(cases).map(([reason, { settings = {} }]) => [reason, settings])) });
});
after(() => collector.stop());

const reasons = [...readFileSync(path.join(root, 'protocol/src/reply.rs'), 'utf8').matchAll(/^ {4}\w+ = "(\w+)",$/gm)].map(([, reason]) => reason as string);

test('every reason of the contract has a case here', () => {
  assert.ok(reasons.length >= 15);
  assert.deepEqual(Object.keys(cases), reasons);
});

for (const [reason, { send, refused = 1, accepted = 0, all, told }] of Object.entries(cases)) {
  test(`${reason}: the event is refused by that name, counted so, and costs no other`, { timeout: 20_000 }, async () => {
    const answer = await send(reason);
    if (told !== undefined) told(answer);
    else {
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual([...new Set(answer.json.refused.map((refusal: { reason: string }) => refusal.reason))], [reason]);
    }
    // What no shard sees is counted after the answer: wait for it, not for a time.
    const counted = async () => (await collector.outcomes(reason))[`refused:${reason}`];
    while ((await counted()) === undefined) await aMoment();
    const { [`refused:${reason}`]: found = 0, accepted: others = 0 } = await collector.outcomes(reason);
    if (all === undefined) assert.deepEqual([found, others], [refused, accepted]);
    else assert.ok(found > 0 && others > found && found + others === all, `${found} and ${others} of ${all}`);
  });
}
