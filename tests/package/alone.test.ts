// The loader without its core: a page whose policy forbids WebAssembly.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launch } from '../support/chromium.ts';

type Batch = { tab: string; first: number; page: string; events: Record<string, any>[] };

const dist = path.resolve(import.meta.dirname, '../../npm-package/dist');
let server: Server;
let browser: Browser;
const bodies: string[] = [];

before(async () => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    if (request.method === 'POST') {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk) => (body += chunk)).on('end', () => {
        bodies.push(body);
        response.end();
      });
    } else if (/\.(js|wasm)$/.test(pathname)) {
      response.setHeader('content-type', 'text/javascript');
      response.end(readFileSync(path.join(dist, pathname)));
    } else {
      response.setHeader('content-type', 'text/html');
      response.setHeader('content-security-policy', "script-src 'self' 'sha256-none'");
      response.end('<!doctype html><script defer src="/p.js" data-site="demo"></script><p style="height: 4000px">Hello</p>');
    }
  }).listen(0, '127.0.0.1');
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server.close();
});

const batches = async (count: number): Promise<Batch[]> => {
  while (bodies.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
  return bodies.map((body) => JSON.parse(body) as Batch);
};

test('without WebAssembly page views, reading time and events are counted, each once', { timeout: 20_000 }, async () => {
  const page = await browser.newPage();
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/a`);
  const [load] = await batches(1);
  assert.deepEqual(load!.events.map((event) => Object.keys(event)[1]), ['pageview']);

  await page.waitForTimeout(200);
  await page.evaluate(() => {
    const { passerby } = window as any;
    passerby.track('half \ud83d, whole \u{1f600}, plain \\ud83d', { plan: 'pro', nested: {} });
    history.pushState(null, '', '/b');
    passerby.flush();
  });
  await batches(2);
  await page.waitForTimeout(200);
  await page.goto('about:blank');
  const [, second, last] = await batches(3);

  assert.equal(second!.tab, load!.tab);
  assert.deepEqual([second!.first, second!.page, last!.first, last!.page], [1, '/a', 4, '/b']);
  const [custom, engagement, pageview] = second!.events;
  assert.deepEqual(custom!.custom, { name: 'half \ufffd, whole \u{1f600}, plain \\ud83d', props: { plan: 'pro' } });
  assert.equal(pageview!.pageview.path, '/b');
  assert.equal(last!.events.length, 1);
  for (const told of [engagement!.engagement, last!.events[0]!.engagement]) {
    assert.ok(told.visible_ms >= 150 && told.visible_ms < 5_000, JSON.stringify(told));
    assert.ok(told.scroll_percent > 0 && told.scroll_percent < 50, JSON.stringify(told));
  }
  assert.equal(bodies.length, 3, 'the end of a page is announced twice');
  assert.deepEqual(errors, []);
});
