// What the Worker and its objects print holds nothing of what was sent, whatever was.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { collectorConfig } from '../../scripts/workerd-config.ts';
import { adminKey, browser, pageview } from '../support/collector.ts';
import { Workerd } from '../support/workerd.ts';

/** A line's end, a terminal's escape, markup, and what tells them apart from all else. */
const HOSTILE = 'mark\r\nERROR made up\u001b[2J<script>alert(1)</script>';
const ADDRESS = '203.0.113.211';

test('no line, escape, markup or address that was sent is printed', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'passerby-'));
  const storage = path.join(folder, 'storage');
  mkdirSync(storage);
  let printed = '';
  const SITES = { shop: {}, broken: { time_zone: 'Europe/Nowhere' } };
  const config = collectorConfig({ folder, storage, address: '127.0.0.1:0', bindings: { SITES, PASSERBY_ADMIN_KEY: adminKey } });
  const workerd = await Workerd.start(path.join(folder, 'collector.capnp'), config, ['http'], (text) => void (printed += text));
  try {
    const url = `http://127.0.0.1:${workerd.ports['http']}`;
    const headers = { authorization: `Bearer ${adminKey}`, 'user-agent': browser, 'cf-connecting-ip': ADDRESS };
    const send = async (route: string, init: RequestInit = {}) => (await fetch(url + route, { headers, ...init })).status;
    const coded = encodeURIComponent(HOSTILE);
    const events = [pageview(HOSTILE, { title: HOSTILE, referrer: HOSTILE }), { custom: { name: HOSTILE, props: { [HOSTILE]: HOSTILE } } }];
    const batch = (more: object) => ({ method: 'POST', body: JSON.stringify({ site: 'shop', tab: '00000000000000a1', events, ...more }) });
    const statuses = [
      await send('/e', batch({})), await send('/e', batch({ user: HOSTILE, page: HOSTILE })), await send('/e', batch({ site: HOSTILE })),
      await send('/e', batch({ [HOSTILE]: 1 })), await send('/e', { method: 'POST', body: HOSTILE }),
      await send('/e', { ...batch({}), headers: { ...headers, 'user-agent': 'curl/8.5.0 <script>mark</script>' } }),
      await send('/api/event', { method: 'POST', body: JSON.stringify({ n: HOSTILE, u: `https://shop/${HOSTILE}`, d: HOSTILE }) }),
      await send('/batch/', { method: 'POST', body: JSON.stringify({ api_key: 'shop', batch: [{ event: HOSTILE, distinct_id: HOSTILE, timestamp: HOSTILE }] }) }),
      await send(`/api/v1/${coded}`), await send(`/api/v1/stats/aggregate?site_id=${coded}&${coded}=${coded}`),
      await send(`/api/v1/stats/breakdown?site_id=shop&property=event:props:${coded}&filters=${coded}`),
      // A site that cannot be asked, and one of which nothing is known.
      await send(`/api/v1/stats/aggregate?site_id=broken&x=${coded}`),
      await send('/api/v2/query', { method: 'POST', body: JSON.stringify({ site_id: 'shop', metrics: [HOSTILE], date_range: HOSTILE, filters: [[HOSTILE]] }) }),
    ];
    assert.ok(statuses.some((status) => status === 200) && statuses.every((status) => status < 504), statuses.join());
    // A request that breaks off in its body.
    await new Promise<void>((cut) => {
      const half = request(`${url}/e`, { method: 'POST', headers: { ...headers, 'content-length': 1_000 } });
      half.on('error', () => cut());
      half.write(`{"site":"mark`, () => half.destroy(new Error('cut')));
    });
    assert.equal(await send('/api/v1/outcomes?site_id=shop'), 200);
  } finally {
    await workerd.end();
    rmSync(folder, { recursive: true });
  }
  assert.match(printed, /unavailable: /, 'what went wrong is printed');
  assert.doesNotMatch(printed, /mark|made up|script|203\.0\.113/);
  assert.doesNotMatch(printed, /\u001b\[2J/);
});
