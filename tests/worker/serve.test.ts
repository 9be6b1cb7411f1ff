// The collector on a box of one's own: one server, started as `make serve` starts it, behind a proxy that names addresses.

import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { addressOf } from '../../scripts/serve/door.js';
import { browser, pageview, root, untilMidnightIsFar } from '../support/collector.ts';
import { Watcher, protocols, refused } from '../support/watcher.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'passerby-serve-'));
const [data, files, backup] = ['data', 'public', 'backup'].map((name) => path.join(folder, name)) as [string, string, string];
const sites = { 'shop.example': { hosts: ['shop.example'], server_keys: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'] }, four: { shards: 4 } };
const site = 'shop.example';

let log = '';
let server: { process: ChildProcess; url: string };

/** Starts `scripts/serve.sh`, and waits until it listens. */
async function serve(): Promise<void> {
  const env = { ...process.env, DATA: data, ADDRESS: '127.0.0.1:0', PUBLIC: files, PROXY_HEADER: 'X-Forwarded-For', PROXIES: '127.0.0.1' };
  const child = spawn(path.join(root, 'scripts/serve.sh'), ['--control-fd=3'], { env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const port = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${log}`)));
    let said = '';
    (child.stdio[3] as Readable).on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const listens = /"event":"listen".*?"port":(\d+)/.exec(said);
      if (listens) resolve(listens[1] as string);
    });
  });
  server = { process: child, url: `http://127.0.0.1:${port}` };
}

/** Ends it as a service manager does. Answers what it ended with. */
async function stop(): Promise<number | null> {
  if (server.process.exitCode !== null) return server.process.exitCode;
  const ended = once(server.process, 'exit');
  server.process.kill('SIGTERM');
  return (await ended)[0];
}

before(async () => {
  await untilMidnightIsFar();
  mkdirSync(path.join(files, 'assets'), { recursive: true });
  mkdirSync(data);
  writeFileSync(path.join(data, 'sites.json'), JSON.stringify(sites));
  writeFileSync(path.join(files, 'index.html'), '<!doctype html><title>dashboard</title>');
  writeFileSync(path.join(files, 'p.js'), '// tracker');
  writeFileSync(path.join(files, 'assets/a-1.js'), '// part of the dashboard');
  cpSync(path.join(root, 'edge-collector/_headers'), path.join(files, '_headers'));
  await serve();
});
after(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

const key = () => readFileSync(path.join(data, 'admin-key'), 'utf8').trim();
const get = (url: string, init: RequestInit = {}) => fetch(server.url + url, init);
const read = async (url: string) => {
  const answer = await get(url, { headers: { authorization: `Bearer ${key()}` } });
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()).results;
};
const number = async (metric: string, of = site): Promise<number> => (await read(`/api/v1/stats/aggregate?site_id=${of}&period=7d&metrics=${metric}`))[metric].value;

/** What a request carries from somewhere: the proxy's header, behind whatever the client wrote into it, and a forged one. */
const from = (address: string, forged = '192.0.2.250') => ({ 'user-agent': browser, 'x-forwarded-for': `${forged}, ${address}`, 'cf-connecting-ip': forged, 'cf-ipcountry': 'XX' });
const post = (url: string, body: unknown, headers: Record<string, string>) =>
  get(url, { method: 'POST', headers, body: typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body) });

test('of addresses that were forwarded, the last one counts that is no proxy, and only a proxy is believed', () => {
  const proxies = ['127.0.0.1', '10.0.0.2'];
  const cases: [string, string | null, string][] = [
    ['127.0.0.1', '203.0.113.5', '203.0.113.5'],
    ['127.0.0.1', '192.0.2.9, 203.0.113.5', '203.0.113.5'],
    ['127.0.0.1', '192.0.2.9, 203.0.113.5, 10.0.0.2', '203.0.113.5'],
    ['127.0.0.1', '[2001:db8::7]:4711', '2001:db8::7'],
    ['127.0.0.1', '203.0.113.5:4711', '203.0.113.5'],
    ['127.0.0.1', '::ffff:203.0.113.5', '203.0.113.5'],
    ['127.0.0.1', null, '127.0.0.1'],
    ['127.0.0.1', ' , ', '127.0.0.1'],
    ['127.0.0.1', '10.0.0.2', '127.0.0.1'],
    ['198.51.100.4', '203.0.113.5', '198.51.100.4'],
  ];
  for (const [peer, header, expected] of cases) assert.equal(addressOf(peer, header, proxies), expected, `${peer}: ${header}`);
});

test('the static files are served with the headers that the edge gives them', async () => {
  const page = await get('/');
  assert.deepEqual([page.status, page.headers.get('content-type'), await page.text()], [200, 'text/html; charset=utf-8', '<!doctype html><title>dashboard</title>']);
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'.*trusted-types 'none'/);
  assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
  const tracker = await get('/p.js');
  assert.deepEqual([tracker.headers.get('content-type'), tracker.headers.get('access-control-allow-origin')], ['text/javascript; charset=utf-8', '*']);
  assert.match(tracker.headers.get('cache-control') ?? '', /max-age=3600/);
  assert.match((await get('/assets/a-1.js')).headers.get('cache-control') ?? '', /immutable/);
  const known = await get('/p.js', { headers: { 'if-none-match': tracker.headers.get('etag') as string } });
  assert.deepEqual([known.status, await known.text()], [304, '']);
  const head = await get('/p.js', { method: 'HEAD' });
  assert.deepEqual([head.status, await head.text()], [200, '']);
  for (const nothing of ['/_headers', '/nothing', '/assets/', '/../sites.json', '/%2e%2e/sites.json']) {
    const answer = await get(nothing);
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [404, 'application/problem+json'], nothing);
  }
});

test('a visitor is told by the address that the proxy names, whatever else a client claims', async () => {
  const send = async (tab: number, headers: Record<string, string>) => assert.equal((await post('/e', { site: 'four', tab: tab.toString(16).padStart(16, '0'), events: [pageview('/')] }, headers)).status, 200);
  await send(1, from('203.0.113.5'));
  await send(2, from('203.0.113.5', '192.0.2.77'));
  assert.equal(await number('visitors', 'four'), 1, 'a forged address is nobody else');
  await send(3, from('203.0.113.6'));
  assert.equal(await number('visitors', 'four'), 2);
  assert.deepEqual(await read('/api/v1/stats/breakdown?site_id=four&period=7d&property=visit:country'), [{ country: '(not set)', visitors: 2 }]);
});

test('who watches is told live, also behind a proxy that ends TLS', { timeout: 30_000 }, async () => {
  const watcher = await Watcher.open(server.url, 'four', { key: key() });
  const { visitors } = watcher.scene!;
  const answer = await post('/e', { site: 'four', tab: '00000000000000e1', events: [pageview('/live')] }, from('203.0.113.7'));
  assert.equal(answer.status, 200);
  await watcher.until(() => watcher.scene!.visitors === visitors + 1);
  await watcher.close();
  const headers = { origin: server.url.replace('http', 'https'), 'sec-websocket-protocol': protocols(key()).join(', ') };
  const socket = `${server.url}/api/v1/live?site_id=four`;
  assert.deepEqual(await refused(socket, headers), [403, 'foreign_origin']);
  await assert.rejects(refused(socket, { ...headers, 'x-forwarded-proto': 'https' }), /it was let in/);
});

// Addresses of nobody, in every way in which one can come.
const v4 = ['198.51.100.237', '203.0.113.213'] as const;
const v6 = '2001:db8:feed:beef:cafe:1234:5678:9abc';
const claimed = '192.0.2.251';

const bytesOf = (address: string) => Buffer.from(address.split('.').map(Number));

/** An address as texts in which it could stand somewhere, and as bytes, where these are enough to be no chance. */
function forms(address: string): Buffer[] {
  if (address.includes(':')) {
    const groups = address.split(':').map((group) => group.padStart(4, '0'));
    return [Buffer.from(address), Buffer.from(groups.join(':')), Buffer.from(groups.join('')), Buffer.from(groups.join(''), 'hex')];
  }
  const bytes = bytesOf(address);
  return [Buffer.from(address), Buffer.from(bytes.toString('hex')), Buffer.from(String(bytes.readUInt32BE()))];
}

test('addresses are neither stored nor logged, whichever way an event comes and whether or not it is taken', async () => {
  const bearer = { authorization: 'Bearer test' };
  const gtm = { client_id: 'c1', ip_override: claimed, user_agent: browser, events: [{ name: 'signup' }] };
  const segment = (more: object) => ({ anonymousId: 'a1', messageId: Math.random().toString(36), context: { ip: claimed, page: { url: 'https://shop.example/' } }, ...more });
  const posthog = { api_key: site, event: '$pageview', distinct_id: 'd1', properties: { $current_url: 'https://shop.example/', $ip: claimed, distinct_id: 'd1' } };
  const umami = { type: 'event', payload: { website: site, url: '/', hostname: 'shop.example', ip: claimed, userAgent: browser } };
  const basic = { authorization: `Basic ${Buffer.from(`${site}:`).toString('base64')}` };
  const ways: [string, unknown, Record<string, string>?][] = [
    ['/e', { site, tab: '00000000000000c1', events: [pageview('/c')] }],
    ['/e', { site, tab: '00000000000000c2', events: [{ custom: { name: '' } }, pageview('/x', { host: 'other.example' })] }],
    ['/e', { site, tab: '00000000000000c3', automated: true, events: [pageview('/bot')] }],
    ['/e', { site: 'nowhere', tab: '00000000000000c4', events: [] }],
    ['/e', '{"site": '],
    ['/e', Uint8Array.of(1, 9, 9, 9)],
    ['/e', 'x'.repeat(70_000)],
    ['/e/', posthog],
    ['/api/event', { name: 'pageview', url: 'https://shop.example/', domain: site }],
    ['/api/event', { name: '', domain: site }],
    ['/api/send', umami],
    ['/api/send', umami, bearer],
    ['/api/send', { type: 'nonsense', payload: { ip: claimed } }],
    ['/api/batch', [umami, { type: 'event', payload: { ...umami.payload, url: 7 } }], bearer],
    ['/batch', gzipSync(JSON.stringify({ api_key: site, batch: [posthog] })), { 'content-encoding': 'gzip' }],
    ['/batch', gzipSync('not json'), { 'content-encoding': 'gzip' }],
    ['/capture', { ...posthog, event: '' }],
    ['/v1/batch', { writeKey: site, batch: [segment({ type: 'page' }), segment({ type: 'track' })] }, basic],
    ...['track', 'page', 'screen', 'identify', 'alias', 'group'].map((call): [string, unknown, Record<string, string>] => [`/v1/${call}`, segment({ type: call, event: 'x', userId: 'u1' }), basic]),
    [`/mp/collect?measurement_id=${site}&api_secret=test`, gtm],
    [`/mp/collect?measurement_id=${site}`, { ...gtm, events: [{}] }],
    [`/debug/mp/collect?measurement_id=${site}`, gtm],
    ['/nothing', {}],
  ];
  const taken: number[] = [];
  for (const address of [...v4, v6]) {
    for (const [url, body, headers] of ways) {
      const answer = await post(url, body, { ...from(address), 'x-real-ip': address, 'true-client-ip': address, forwarded: `for="${address}"`, ...headers });
      assert.ok(answer.status < 500, `${url}: ${answer.status}`);
      taken.push(answer.status);
    }
  }
  assert.ok(taken.includes(200) && taken.includes(400) && taken.includes(404) && taken.includes(413), `${new Set(taken)}`);
  assert.ok((await number('events')) > 20, 'events of all of them are counted');
  assert.equal((await read(`/api/v1/rejects?site_id=${site}`)).length > 5, true, 'and others were refused');

  const inStorage = () => {
    const names = readdirSync(path.join(data, 'storage'), { recursive: true, encoding: 'utf8' }).map((name) => path.join(data, 'storage', name));
    const stored = names.filter((name) => statSync(name).isFile()).map((name) => [name, readFileSync(name)] as const);
    assert.ok(stored.some(([, bytes]) => bytes.includes('shop.example')), 'this is where events are');
    for (const address of [...v4, v6, claimed, '192.0.2.250']) {
      for (const form of forms(address)) {
        const where = stored.filter(([, bytes]) => bytes.includes(form)).map(([name]) => name);
        assert.deepEqual(where, [], `${address} is stored as ${form.toString('hex')}`);
        assert.ok(!Buffer.from(log).includes(form), `${address} is logged`);
      }
    }
    // Any four bytes stand somewhere by chance once in some thousand runs: those of both addresses would be none.
    for (const inOrder of [(bytes: Buffer) => bytes, (bytes: Buffer) => bytes.reverse()]) {
      const found = v4.map((address) => stored.some(([, bytes]) => bytes.includes(inOrder(bytesOf(address)))));
      assert.ok(!found.every(Boolean), 'addresses are stored as bytes');
    }
    return names;
  };
  assert.ok(inStorage().some((name) => name.endsWith('-wal')), 'what is not yet in the database itself is looked at, too');
  assert.equal(await stop(), 0);
  inStorage();
  await serve();
});

test('a copy made while events come brings back, elsewhere, all that was acknowledged before it', { timeout: 120_000 }, async () => {
  const outcomes = async () => (await read('/api/v1/outcomes?site_id=four')).accepted as number;
  const batch = (number: number) => ({ site: 'four', tab: (0xd000 + number).toString(16).padStart(16, '0'), events: [pageview(`/${number}`), { after_ms: 1, custom: { name: 'Signup' } }] });
  const send = async (number: number) => {
    const answer = await post('/e', batch(number), from(`198.51.100.${number % 200}`));
    assert.equal(answer.status, 200);
    return (await answer.json()) as { accepted: number; duplicate: number };
  };
  const before = 100;
  for (let number = 0; number < before; number++) assert.equal((await send(number)).accepted, 2);
  const acknowledged = await outcomes();

  // Others come meanwhile.
  let [sent, goesOn] = [before, true];
  const meanwhile = (async () => {
    while (goesOn) await send(sent++);
  })();
  const copy = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(root, 'scripts/backup.ts'), data, backup], { stdio: ['ignore', 'ignore', 'pipe'] });
  let failure = '';
  copy.stderr?.on('data', (chunk: Buffer) => (failure += chunk.toString()));
  const [code] = await once(copy, 'exit');
  goesOn = false;
  await meanwhile;
  assert.equal(code, 0, failure);
  assert.ok(sent > before, 'events came while it was copied');

  await stop();
  rmSync(data, { recursive: true });
  cpSync(backup, data, { recursive: true });
  await serve();
  assert.ok((await outcomes()) >= acknowledged);
  for (let number = 0; number < before; number++) {
    const { accepted, duplicate } = await send(number);
    assert.deepEqual([accepted, duplicate], [0, 2], `batch ${number} is there`);
  }
  assert.equal(statSync(path.join(data, 'admin-key')).mode & 0o777, 0o600);
});

test('it ends when it is told to, though somebody watches, and a restart keeps the data and the key', { timeout: 60_000 }, async () => {
  const [events, known] = [await number('events', 'four'), key()];
  const watcher = await Watcher.open(server.url, 'four', { key: known });
  assert.equal(await stop(), 0);
  await watcher.until(() => watcher.closed !== undefined);
  await serve();
  assert.deepEqual([await number('events', 'four'), key()], [events, known]);
});

test('a server that is told of proxies which are none does not start', () => {
  const start = (more: Record<string, string>) => () => execFileSync(path.join(root, 'scripts/serve.sh'), { env: { ...process.env, DATA: path.join(folder, 'other'), PUBLIC: files, ADDRESS: '127.0.0.1:0', ...more }, stdio: 'pipe', timeout: 60_000 });
  assert.throws(start({ PROXY_HEADER: 'X-Real-IP', PROXIES: 'localhost' }), /localhost is no address/);
  assert.throws(start({ PROXY_HEADER: 'X Real' }), /no header's name/);
});
