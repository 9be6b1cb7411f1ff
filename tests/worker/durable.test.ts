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
  try {
    let collector = await Collector.start({ persist });
    const { ticket } = (await collector.send(batch, { 'cf-connecting-ip': address })).json;
    const before = await collector.aggregate('visitors,visits,pageviews,events');
    await collector.stop();

    for (const file of readdirSync(persist, { recursive: true, encoding: 'utf8' })) {
      const full = path.join(persist, file);
      if (statSync(full).isFile()) assert.ok(!readFileSync(full).includes(address), `${file} holds an address`);
    }

    collector = await Collector.start({ persist });
    assert.deepEqual(await collector.aggregate('visitors,visits,pageviews,events'), before);
    const again = await collector.send(batch, { 'cf-connecting-ip': address });
    assert.deepEqual([again.json.accepted, again.json.duplicate, again.json.ticket], [0, 2, ticket]);
    const next = await collector.send({ first: 2, ticket, events: [pageview('/b')] }, { 'cf-connecting-ip': '203.0.113.78' });
    assert.deepEqual([next.json.accepted, next.json.ticket], [1, '']);
    assert.equal((await collector.aggregate('visitors')).visitors, 1);
    await collector.stop();
  } finally {
    rmSync(persist, { recursive: true });
  }
});
