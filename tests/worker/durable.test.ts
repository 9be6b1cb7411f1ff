// What was acknowledged is there after a restart, and what must not be kept is not.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Collector, custom, pageview } from '../support/collector.ts';

test('acknowledged events, tickets and the window of seen events outlive the collector; addresses do not', async () => {
  const persist = mkdtempSync(path.join(tmpdir(), 'passerby-'));
  const address = '203.0.113.77';
  const batch = { events: [pageview('/'), custom('Signup', 5)] };
  let collector = await Collector.start({ persist });
  try {
    const { ticket } = (await collector.send(batch, { 'cf-connecting-ip': address })).json;
    const before = await collector.aggregate('visitors,visits,pageviews,events');
    await collector.stop();

    const files = readdirSync(persist, { recursive: true, encoding: 'utf8' }).map((file) => path.join(persist, file));
    const stored = files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file));
    assert.ok(stored.some((bytes) => bytes.includes('Signup')), 'this is where events are');
    assert.ok(!stored.some((bytes) => bytes.includes(address)), 'an address is stored');

    collector = await Collector.start({ persist });
    assert.deepEqual(await collector.aggregate('visitors,visits,pageviews,events'), before);
    assert.deepEqual(await collector.outcomes('shop.example'), { accepted: 2 });
    const again = await collector.send(batch, { 'cf-connecting-ip': '203.0.113.79' });
    assert.deepEqual([again.json.accepted, again.json.duplicate], [0, 2]);
    const next = await collector.send({ first: 2, ticket, events: [pageview('/b')] }, { 'cf-connecting-ip': '203.0.113.78' });
    assert.deepEqual([next.json.accepted, next.json.ticket], [1, '']);
    assert.equal((await collector.aggregate('visitors')).visitors, 1);
  } finally {
    await collector.stop();
    rmSync(persist, { recursive: true });
  }
});
