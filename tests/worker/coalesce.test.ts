// Batches that come to an isolate at once share the calls of their shard; no request may depend on another's client for it,
// nor be answered in another's place.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { collectorConfig } from '../../scripts/workerd-config.ts';
import { adminKey, browser, custom, pageview } from '../support/collector.ts';
import { Workerd } from '../support/workerd.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'passerby-'));
let workerd: Workerd;
let log = '';
before(async () => {
  const storage = path.join(folder, 'storage');
  mkdirSync(storage);
  const unlimited = { batches_per_minute: 1e9, batches_per_minute_of_address: 1e9 };
  const bindings = { SITES: { one: unlimited, four: { shards: 4, ...unlimited }, many: unlimited }, PASSERBY_ADMIN_KEY: adminKey };
  const config = collectorConfig({ folder, storage, address: '127.0.0.1:0', bindings });
  workerd = await Workerd.start(path.join(folder, 'collector.capnp'), config, ['http'], (text) => (log += text));
});
after(async () => {
  await workerd.end();
  rmSync(folder, { recursive: true });
});

type Answer = { status: number; accepted: number; duplicate: number };

/** Sends a tab's batch; on a connection that is broken off once it is sent, if told so. */
async function send(site: string, n: number, agent: Agent | false = false, breaksOff = false): Promise<Answer | undefined> {
  const tab = n.toString(16).padStart(16, '0');
  const headers = { 'user-agent': browser, 'cf-connecting-ip': `192.0.2.${n % 250}` };
  const sent = request({ port: workerd.ports['http'], path: '/e', method: 'POST', agent, headers });
  sent.on('error', () => {});
  sent.end(JSON.stringify({ site, tab, events: [pageview('/'), custom('a', 1)] }));
  if (breaksOff) {
    await once(sent, 'finish');
    sent.destroy();
    return undefined;
  }
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, ...JSON.parse(text) };
}

async function events(site: string): Promise<number> {
  const address = `http://127.0.0.1:${workerd.ports['http']}/api/v1/stats/aggregate?site_id=${site}&period=day&metrics=events`;
  const answer: any = await (await fetch(address, { headers: { authorization: `Bearer ${adminKey}` } })).json();
  return answer.results.events.value;
}

for (const site of ['one', 'four']) {
  test(`of many who send at once, those whose clients break off keep nobody waiting, and lose nothing (${site})`, { timeout: 60_000 }, async () => {
    const tabs = (from: number) => Array.from({ length: 60 }, (_, n) => from + n);
    for (let from = 1; from < 300; from += 60) {
      const answers = await Promise.all(tabs(from).map((n) => send(site, n, false, n % 3 === 1)));
      for (const answer of answers.filter((each) => each !== undefined)) assert.deepEqual([answer.status, answer.accepted, answer.duplicate], [200, 2, 0]);
    }
    // Sent again, as clients do: each counts once, whether the first went through or not.
    for (let from = 1; from < 300; from += 60) {
      const again = await Promise.all(tabs(from).map((n) => send(site, n)));
      for (const answer of again) assert.deepEqual([answer?.status, (answer?.accepted ?? 0) + (answer?.duplicate ?? 0)], [200, 2]);
    }
    assert.equal(await events(site), 2 * 300);
    assert.doesNotMatch(log, /different request|hung/);
  });
}

test('each is answered in its own request, also once the runtime has compiled what wakes them', { timeout: 120_000 }, async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const batches = 24_000;
  let next = 1;
  const client = async () => {
    for (let n = next++; n <= batches; n = next++) assert.equal((await send('many', n, agent))?.status, 200);
  };
  await Promise.all(Array.from({ length: 64 }, client));
  agent.destroy();
  assert.equal(await events('many'), 2 * batches);
});
