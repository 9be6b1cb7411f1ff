// What the settings make of what is typed, of clocks and of refused events: rules without a browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reachOf } from '../../dashboard/src/state/reach.ts';
import { partsOf, totalOf } from '../../dashboard/src/views/settings/data/counts.ts';
import { askedOf, clockOf, labelsOf } from '../../dashboard/src/views/settings/data/steps.ts';
import { byReason, countsHost, withHost } from '../../dashboard/src/views/settings/install/refusals.ts';
import { npmStart, scriptTag } from '../../dashboard/src/views/settings/install/snippet.ts';
import { hostsOf } from '../../dashboard/src/views/settings/site/hosts.ts';

test('of an address that is pasted its host is taken, and a host stays as it is', () => {
  const typed = ['https://Shop.example:8443/a?b#c', ' *.shop.example ', '', 'localhost:3000', '[::1]', '[::1]:80', '*'];
  assert.deepEqual(hostsOf(typed.join('\n')), ['shop.example', '*.shop.example', 'localhost', '[::1]', '[::1]', '*']);
});

test('hosts count as the collector has it, and one more shuts out none that counted', () => {
  for (const [hosts, host, counts] of [
    [['shop.example'], 'SHOP.example', true], [['shop.example'], 'www.shop.example', false], [['*.shop.example'], 'shop.example', true],
    [['*.shop.example'], 'a.b.shop.example', true], [['*.shop.example'], 'ashop.example', false], [['*'], 'localhost', true], [[], 'localhost', false],
  ] as [string[], string, boolean][]) assert.equal(countsHost(hosts, host), counts, `${hosts} ${host}`);
  assert.deepEqual(withHost([], 'localhost'), ['*']);
  assert.deepEqual(withHost(['a.example'], 'b.example'), ['a.example', 'b.example']);
});

test('refused events are counted by reason, with the hosts that they name, also where they are cut', () => {
  const event = (host: string) => `{"after_ms":0,"pageview":{"path":"/","host":${JSON.stringify(host)},"query":"","title":"a long title that is c`;
  const rejects = [
    { at_ms: 1, reason: 'bot' as const, event: '{"custom":{"name":"host"}}' },
    { at_ms: 3, reason: 'local_host' as const, event: event('localhost') },
    { at_ms: 2, reason: 'local_host' as const, event: event('a"b') },
    { at_ms: 4, reason: 'local_host' as const, event: event('localhost') },
  ];
  assert.deepEqual(byReason(rejects), [
    { reason: 'local_host', count: 3, lastMs: 4, hosts: ['localhost', 'a"b'] },
    { reason: 'bot', count: 1, lastMs: 1, hosts: [] },
  ]);
});

test('steps are those of the site\'s clocks, the newest at the end', () => {
  const at = Date.parse('2026-03-08T07:30:30Z');
  assert.equal(new Date(clockOf(at, 'America/New_York')).toISOString(), '2026-03-08T03:30:30.000Z', 'half an hour after clocks went ahead');
  assert.equal(clockOf(at, 'Mars/Olympus'), at);
  const minutes = labelsOf('minute', Date.parse('2026-01-01T00:10:59Z'));
  assert.deepEqual([minutes.length, minutes[0], minutes[59]], [60, '2025-12-31 23:11:00', '2026-01-01 00:10:00']);
  assert.deepEqual(askedOf('minute', minutes), { period: 'custom', date: '2025-12-31,2026-01-01', interval: 'minute' });
  const days = labelsOf('day', Date.parse('2026-03-01T12:00:00Z'));
  assert.deepEqual([days[0], days.at(-1)], ['2026-01-31', '2026-03-01']);
});

test('what is stacked adds up to all events, and to no request', () => {
  const results = { accepted: 5, duplicate: 2, 'refused:bot': 3, 'refused:limited': 1, 'refused:too_old': 4, 'refused:local_host': 6, 'request:limited': 9, unlimited: 7 };
  assert.deepEqual(partsOf(results), { accepted: 5, duplicate: 2, bot: 3, limited: 1, refused: 10 });
  const series = [{ date: 'a', results, received: 21 }, { date: 'b', results: { accepted: 1 }, received: 1 }, { date: 'c', results, received: 21 }];
  assert.deepEqual(totalOf(series, ['a', 'b']), { ...results, accepted: 6 });
});

test('a site\'s name cannot break out of what is copied', () => {
  assert.equal(scriptTag('https://c.example', 'a"b&<c'), '<script defer src="https://c.example/p.js" data-site="a&quot;b&amp;&lt;c"></script>');
  for (const site of ["it's", 'a"b', 'a\\b', "\\'"]) {
    const [, written = ''] = /site: (.*), endpoint/.exec(npmStart('https://c.example', site)) ?? [];
    assert.equal(new Function(`return ${written}`)(), site, written);
  }
});

test('a key says how far it reaches; what says nothing is the Worker\'s secret', () => {
  const hex = '0'.repeat(64);
  for (const [key, reach] of [[`passerby_share_${hex}`, 'look'], [`passerby_read_${hex}`, 'read'], [`passerby_admin_${hex}`, 'admin'], [`passerby_token_${hex}`, 'look'], ['a secret', 'admin']] as const) {
    assert.equal(reachOf(key), reach, key);
  }
});
