// A retry whose first reply was lost changes no total, wherever it comes from and however many shards there are.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Collector, custom, pageview, type Answer } from '../support/collector.ts';

const shards = [1, 4, 16];
const rules = ['address', 'midnight', 'consent', 'twice', 'restart', 'at-once', 'ticket'];
const sites = Object.fromEntries(rules.flatMap((rule) => shards.map((count) => [`${rule}-${count}`, { shards: count }])));
const persist = mkdtempSync(path.join(tmpdir(), 'passerby-'));
let collector: Collector;
before(async () => {
  collector = await Collector.start({ sites, persist });
});
after(async () => {
  await collector.stop();
  rmSync(persist, { recursive: true });
});

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0';
/** As many tabs as find visitors and homes in each of sixteen shards. */
const tabs = Array.from({ length: 40 }, (_, n) => n + 16);
const first = (n: number) => ({ 'cf-connecting-ip': `192.0.2.${n}` });
const elsewhere = (n: number) => ({ 'cf-connecting-ip': `198.51.100.${n}`, 'user-agent': firefox });
const batch = (site: string, n: number, more: object = {}) => ({ site, tab: `00000000000000${n.toString(16)}`, events: [pageview('/'), custom('a', 5)], ...more });
const consent = (n: number) => ({ visitor: n.toString(16).padStart(2, '0').repeat(16) });
const what = ({ json }: Answer) => [json.accepted, json.duplicate];

async function totals(site: string): Promise<number[]> {
  const { visitors, visits, events } = await collector.aggregate('visitors,visits,events', '', site);
  return [visitors ?? 0, visits ?? 0, events ?? 0];
}

for (const count of shards) {
  test(`of ${count} shards: from another address and browser`, { timeout: 60_000 }, async () => {
    const site = `address-${count}`;
    for (const n of tabs) {
      await collector.send(batch(site, n), first(n));
      assert.deepEqual(what(await collector.send(batch(site, n), elsewhere(n))), [0, 2]);
    }
    assert.deepEqual(await totals(site), [tabs.length, tabs.length, 2 * tabs.length]);
  });

  test(`of ${count} shards: with the salt of another day`, { timeout: 60_000 }, async () => {
    const site = `midnight-${count}`;
    const yesterday = { events: [pageview('/', {}, -86_400_000), custom('a', 5)] };
    for (const n of tabs) {
      await collector.send(batch(site, n, yesterday), first(n));
      assert.deepEqual(what(await collector.send(batch(site, n), first(n))), [0, 2]);
    }
    assert.deepEqual((await totals(site))[2], 2 * tabs.length);
  });

  test(`of ${count} shards: with consent in between, and what is new counts`, { timeout: 60_000 }, async () => {
    const site = `consent-${count}`;
    for (const n of tabs) {
      await collector.send(batch(site, n), first(n));
      const later = { ...consent(n), events: [pageview('/'), custom('a', 5), custom('b', 5)] };
      assert.deepEqual(what(await collector.send(batch(site, n, later), elsewhere(n))), [1, 2]);
      assert.deepEqual(what(await collector.send(batch(site, n, later), first(n))), [0, 3]);
    }
    assert.deepEqual((await totals(site))[2], 3 * tabs.length);
    assert.deepEqual(await collector.outcomes(site), { accepted: 3 * tabs.length, duplicate: 5 * tabs.length });
  });

  test(`of ${count} shards: of a later batch, sent by its ticket and again with consent`, { timeout: 60_000 }, async () => {
    const site = `ticket-${count}`;
    for (const n of tabs) {
      const { ticket } = (await collector.send(batch(site, n), first(n))).json;
      const next = { first: 2, ticket, events: [pageview('/b'), custom('c', 5)] };
      assert.deepEqual(what(await collector.send(batch(site, n, next), elsewhere(n))), [2, 0]);
      const again = await collector.send(batch(site, n, { ...next, ...consent(n) }), first(n));
      assert.deepEqual([...what(again), again.json.ticket], [0, 2, '']);
    }
    assert.deepEqual(await totals(site), [tabs.length, tabs.length, 4 * tabs.length]);
  });

  test(`of ${count} shards: many at once from as many places are one visitor's`, { timeout: 60_000 }, async () => {
    const site = `at-once-${count}`;
    const sent = tabs.flatMap((n) => [1, 2, 3].map((copy) => collector.send(batch(site, n), elsewhere(n + 60 * copy))));
    const accepted = (await Promise.all(sent)).map((answer) => answer.json.accepted);
    assert.equal(accepted.reduce((sum, some) => sum + some, 0), 2 * tabs.length);
    assert.deepEqual(await totals(site), [tabs.length, tabs.length, 2 * tabs.length]);
  });

  test(`of ${count} shards: a tab that begins with consent asks where it is known once`, { timeout: 60_000 }, async () => {
    const site = `twice-${count}`;
    for (const n of tabs) {
      const { ticket } = (await collector.send(batch(site, n, consent(n)), first(n))).json;
      assert.match(ticket, /^[0-9a-f]{32}$/);
      const next = await collector.send(batch(site, n, { ...consent(n), ticket, first: 2, events: [pageview('/b')] }), elsewhere(n));
      assert.deepEqual([...what(next), next.json.ticket], [1, 0, '']);
    }
    assert.deepEqual(await totals(site), [tabs.length, tabs.length, 3 * tabs.length]);
  });
}

test('after the collector has started anew', { timeout: 60_000 }, async () => {
  for (const count of shards) for (const n of tabs) await collector.send(batch(`restart-${count}`, n), first(n));
  await collector.stop();
  collector = await Collector.start({ sites, persist });
  for (const count of shards) {
    const site = `restart-${count}`;
    for (const n of tabs) assert.deepEqual(what(await collector.send(batch(site, n), elsewhere(n))), [0, 2], site);
    // What came before the home was asked is known after the next start, too.
    await collector.send(batch(site, 99), first(99));
  }
  await collector.stop();
  collector = await Collector.start({ sites, persist });
  for (const count of shards) {
    const site = `restart-${count}`;
    assert.deepEqual(what(await collector.send(batch(site, 99), elsewhere(99))), [0, 2], site);
    assert.deepEqual(await totals(site), [tabs.length + 1, tabs.length + 1, 2 * tabs.length + 2]);
  }
});
