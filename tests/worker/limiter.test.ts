// Where a rate limit of the platform is bound, it says how much an address may send; where it fails, the collector's own does,
// and what could not be told is counted.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { collectorConfig, text } from '../../scripts/workerd-config.ts';
import { Collector, adminKey, aMoment, browser, pageview, untilMidnightIsFar } from '../support/collector.ts';
import { Workerd } from '../support/workerd.ts';

const tab = (n: number) => n.toString(16).padStart(16, '0');

/** The platform's counts begin anew with the minute. */
async function untilTheMinuteIsYoung(): Promise<void> {
  const into = Date.now() % 60_000;
  if (into > 45_000) await new Promise((resolve) => setTimeout(resolve, 60_000 - into + 1));
}

test('a limiter that is bound takes the place of the own one for addresses, and of no other', { timeout: 60_000 }, async () => {
  // By itself it would take one batch of an address, and any number where the site says 0.
  const sites = { bounded: { batches_per_minute_of_address: 1 }, unbounded: { batches_per_minute_of_address: 0 }, all: { batches_per_minute: 2 } };
  const collector = await Collector.start({ sites, limiter: 3 });
  try {
    await untilTheMinuteIsYoung();
    const statuses = async (site: string, addresses: number[]) => {
      const all = [];
      for (const [n, address] of addresses.entries()) {
        const { status, headers } = await collector.send({ site, tab: tab(n + 1), events: [pageview('/')] }, { 'cf-connecting-ip': `192.0.2.${address}` });
        all.push(status);
        // The platform does not say when; of the own, half a minute brings one more.
        if (status === 429) assert.equal(headers.get('retry-after'), site === 'bounded' ? '1' : '30');
      }
      return all;
    };
    assert.deepEqual(await statuses('bounded', [1, 1, 1, 1, 2]), [200, 200, 200, 429, 200]);
    assert.deepEqual(await statuses('unbounded', [1, 1, 1, 1, 1]), [200, 200, 200, 200, 200]);
    assert.equal((await statuses('all', [1, 2, 3]))[2], 429, 'all together are still counted here');
    while ((await collector.outcomes('bounded'))['refused:limited'] !== 1) await aMoment();
    assert.equal((await collector.outcomes('bounded'))['unlimited'], undefined);
  } finally {
    await collector.stop();
  }
});

/** A binding as the platform's, which answers nothing. */
const FAILING = `class Ratelimit {
  async limit() {
    throw new Error('the limiter is not there');
  }
}
export default () => new Ratelimit();`;

test('a limiter that fails leaves it to the own one, and each time is counted', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'passerby-'));
  const storage = path.join(folder, 'storage');
  mkdirSync(storage);
  const bindings = { SITES: { bounded: { batches_per_minute_of_address: 2 } }, PASSERBY_ADMIN_KEY: adminKey };
  const beside = {
    bindings: ['(name = "INGEST_LIMITER", wrapped = (moduleName = "test:limiter"))'],
    extensions: [`(modules = [(name = "test:limiter", internal = true, esModule = ${text(FAILING)})])`],
  };
  const config = collectorConfig({ folder, storage, address: '127.0.0.1:0', bindings, beside });
  const workerd = await Workerd.start(path.join(folder, 'collector.capnp'), config, ['http'], () => {});
  try {
    await untilMidnightIsFar();
    const url = `http://127.0.0.1:${workerd.ports['http']}`;
    const send = (n: number) => fetch(`${url}/e`, { method: 'POST', body: JSON.stringify({ site: 'bounded', tab: tab(n + 1), events: [pageview('/')] }), headers: { 'user-agent': browser, 'cf-connecting-ip': '192.0.2.1' } });
    const statuses = [];
    for (let n = 0; n < 3; n++) statuses.push((await send(n)).status);
    assert.deepEqual(statuses, [200, 200, 429]);
    const outcomes = async () => ((await (await fetch(`${url}/api/v1/outcomes?site_id=bounded`, { headers: { authorization: `Bearer ${adminKey}` } })).json()) as any).results;
    while ((await outcomes())['refused:limited'] === undefined || (await outcomes())['unlimited'] !== 3) await aMoment();
    assert.deepEqual(await outcomes(), { accepted: 2, 'refused:limited': 1, 'request:limited': 1, unlimited: 3 });
  } finally {
    await workerd.end();
    rmSync(folder, { recursive: true });
  }
});
