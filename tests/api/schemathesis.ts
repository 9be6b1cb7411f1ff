// What the API's description allows, and what it does not, sent to every operation of it by schemathesis: no answer is a server
// error. API_SECONDS= is how long that goes on, SEED= decides what is sent.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { collectorConfig } from '../../scripts/workerd-config.ts';
import { adminKey, browser, pageview, root } from '../support/collector.ts';
import { Workerd } from '../support/workerd.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'passerby-'));
const storage = path.join(folder, 'storage');
mkdirSync(storage);
const bindings = { SITES: { 'shop.example': { shards: 4 } }, PASSERBY_ADMIN_KEY: adminKey };
const printed: string[] = [];
const workerd = await Workerd.start(path.join(folder, 'collector.capnp'), collectorConfig({ folder, storage, address: '127.0.0.1:0', bindings }), ['http'], (text) => void printed.push(text));
const url = `http://127.0.0.1:${workerd.ports['http']}`;
try {
  // Something to answer with.
  const batch = { site: 'shop.example', tab: '00000000000000a1', events: [pageview('/')] };
  await fetch(`${url}/e`, { method: 'POST', headers: { 'user-agent': browser }, body: JSON.stringify(batch) });
  const seed = process.env['SEED'] || `${Date.now() % 2 ** 31}`;
  console.log(`every operation of the API's description, SEED=${seed}`);
  const { status } = spawnSync(path.join(root, '.tools/schemathesis/bin/schemathesis'), [
    'run', path.join(root, 'edge-collector/src/openapi.json'), '--url', url, '--checks', 'not_a_server_error', '--phases', 'examples,fuzzing',
    '--max-time', process.env['API_SECONDS'] || '60', '--seed', seed, '--workers', '2', '--warnings', 'off', '--suppress-health-check', 'all',
    '--header', `Authorization: Bearer ${adminKey}`,
  ], { stdio: 'inherit', cwd: folder });
  const next = await fetch(`${url}/e`, { method: 'POST', headers: { 'user-agent': browser }, body: JSON.stringify({ ...batch, first: 1 }) });
  if (status !== 0 || next.status !== 200) {
    console.error(`the collector printed last:\n${printed.join('').split('\n').slice(-20).join('\n')}`);
    process.exitCode = 1;
  }
} finally {
  await workerd.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
