// Other analytics' real libraries for servers, pointed at the collector by nothing but its address: what they deliver is what
// they were given, whatever fails on the way.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { missing, run } from '../support/clients.ts';
import { Collector } from '../support/collector.ts';
import { answer, cutRequest, delay, type Fault, FaultyProxy, duplicate, loseReply, pass, reset } from '../support/faulty-proxy.ts';

const names = ['posthog-node', 'posthog-python', 'segment-node', 'segment-python', 'ga4', 'umami-node'];
let collector: Collector;
before(async () => {
  collector = await Collector.start({ sites: Object.fromEntries(names.map((name) => [name, { aliases: [`key-${name}`] }])) });
});
after(() => collector.stop());

/** One after another, over and over. */
const inTurn = (...faults: Fault[]): Fault => {
  let seen = 0;
  return (exchange) => faults[seen++ % faults.length]!(exchange);
};

const everything = () => inTurn(answer(503), loseReply, pass, reset, duplicate, answer(429, { 'retry-after': '1' }), pass);
const totals = (site: string) => collector.aggregate('visitors,events', '', site);

const EVENTS = 60;
const USERS = 7;
const programs = { 'posthog-node': 'posthog-node.mjs', 'posthog-python': 'posthog_python.py', 'segment-node': 'segment-node.mjs', 'segment-python': 'segment_python.py' };

// Each waits for its own retries most of the time, so they wait together.
describe('libraries for servers', { concurrency: true }, () => {
  for (const [site, program] of Object.entries(programs)) {
    test(`${site} delivers every event once through all faults`, { skip: missing(program), timeout: 120_000 }, async (t) => {
      const proxy = await FaultyProxy.start(collector.url);
      t.after(() => proxy.stop());
      proxy.fault = everything();
      await run(program, proxy.url, `key-${site}`, EVENTS, USERS);
      assert.deepEqual(await totals(site), { visitors: USERS, events: EVENTS });
      const { accepted, duplicate: again } = await collector.outcomes(site);
      assert.equal(accepted, EVENTS);
      assert.ok((again ?? 0) > 0, 'some batch came twice');
      assert.ok(proxy.requests.some(({ status }) => status !== 200), 'and some request failed');
    });
  }

  test('GA4: a server that repeats what it gets no answer to delivers every event once', async (t) => {
    const proxy = await FaultyProxy.start(collector.url);
    t.after(() => proxy.stop());
    proxy.fault = everything();
    const url = `${proxy.url}/mp/collect?measurement_id=key-ga4&api_secret=s`;
    for (let n = 0; n < 20; n++) {
      const body = JSON.stringify({ client_id: `c.${n % 5}`, timestamp_micros: (Date.now() - n) * 1000, events: [{ name: 'bought', params: { n } }] });
      const send = () => fetch(url, { method: 'POST', body }).then(({ status }) => status, () => undefined);
      while ((await send()) !== 204);
    }
    assert.deepEqual(await totals('ga4'), { visitors: 5, events: 20 });
  });

  // Its events have no name of their own, so what arrived and is sent again counts again; these faults leave no doubt whether it did.
  test('@umami/node delivers what it is called with until that arrives, through faults', { skip: missing('umami-node.mjs'), timeout: 60_000 }, async (t) => {
    const proxy = await FaultyProxy.start(collector.url);
    t.after(() => proxy.stop());
    proxy.fault = inTurn(answer(503), delay(50), reset, pass, cutRequest, answer(429));
    await run('umami-node.mjs', proxy.url, 'key-umami-node', 20);
    assert.deepEqual(await totals('umami-node'), { visitors: 1, events: 20 });
    assert.ok(proxy.requests.some(({ status }) => status !== 200), 'some request failed');
  });
});
