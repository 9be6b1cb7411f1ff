// How soon a click in a page is seen by somebody who watches the site, and whether the live view keeps up with many events: all in
// Chromium, against the built collector in workerd. Prints the figures and writes target/bench/live.json.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { launch } from '../support/chromium.ts';
import { Collector, adminKey, custom, pageview, root } from '../support/collector.ts';
import { Pages } from '../support/pages.ts';
import { protocols } from '../support/watcher.ts';

const site = 'live';
/** Clicks of which something comes, as it should: that nothing does is known only after 2.5 s. Over some tabs in turn, and the pauses between them: half a second in the mean. */
const [clicks, tabs] = [160, 4];
const pauseMs = () => 200 + Math.random() * 600;
/** What the live view is shown, and how long. */
const [eventsASecond, seconds] = [50, 60];
/** How many times slower than this machine the processor is on which it is shown. */
const slower = 4;

const collector = await Collector.start({ files: true, sites: { [site]: { count_bots: true, hosts: ['*'] }, busy: { count_bots: true, hosts: ['*'] } } });
const browser = await launch();
const pages = await Pages.start(({ pathname }) =>
  pathname === '/' ? `<!doctype html><title>Live</title><button onclick="this.nextSibling.append('.')">Press</button><p></p><script defer src="/p.js" data-site="${site}" data-endpoint="${collector.url}/e"></script>`
  : pathname === '/watch' ? '<!doctype html><title>Watching</title>' : undefined);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Notes when each click's frame comes, by the click's text. */
function watch({ url, protocols }: { url: string; protocols: string[] }): Promise<void> {
  const seen: Record<string, number> = ((window as any).seen = {});
  const socket = new WebSocket(url, protocols);
  let frames = 0;
  return new Promise((resolve) => {
    socket.onmessage = ({ data }) => {
      const now = performance.timeOrigin + performance.now();
      const frame = JSON.parse(data);
      for (const { kind, details } of (frame.scene ?? frame.changes).events) if (kind === 'click') seen[details.text] ??= now;
      frames += 1;
      if (frames % 16 === 0) socket.send(JSON.stringify({ seen: frame.seq }));
      resolve();
    };
  });
}

/** Notes when each click happens. */
function noteClicks(): void {
  const clicked: Record<string, number> = ((window as any).clicked = {});
  addEventListener('click', ({ target }) => (clicked[(target as Element).textContent!] = performance.timeOrigin + performance.now()), { capture: true });
}

async function clickToFrame(): Promise<number[]> {
  const watcher = await browser.newPage();
  // A page of the collector's own origin: others may not watch.
  await watcher.goto(`${collector.url}/`);
  await watcher.evaluate(watch, { url: `${collector.url.replace('http', 'ws')}/api/v1/live?site_id=${site}`, protocols: protocols(adminKey) });
  const visitors: Page[] = [];
  for (let tab = 0; tab < tabs; tab += 1) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.addInitScript(noteClicks);
    const answered = page.waitForResponse((response) => response.url().endsWith('/e') && response.ok());
    await page.goto(pages.url);
    await answered;
    visitors.push(page);
  }
  for (let click = 0; click < clicks; click += 1) {
    const page = visitors[click % tabs]!;
    await page.evaluate((text) => (document.querySelector('button')!.textContent = text), `click ${click}`);
    await page.click('button');
    await pause(pauseMs());
  }
  const clicked: Record<string, number> = Object.assign({}, ...(await Promise.all(visitors.map((page) => page.evaluate(() => (window as any).clicked)))));
  await watcher.waitForFunction((count) => Object.keys((window as any).seen).length >= count, clicks, { timeout: 90_000 });
  const seen: Record<string, number> = await watcher.evaluate(() => (window as any).seen);
  await Promise.all(visitors.map((page) => page.context().close()));
  await watcher.close();
  return Object.entries(clicked).map(([text, at]) => seen[text]! - at).sort((a, b) => a - b);
}

type Busy = { frames: number; longTasks: number; longestMs: number };

async function liveView(): Promise<Busy> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.addInitScript((kept) => location.origin !== 'null' && sessionStorage.setItem('passerby.session', kept), JSON.stringify({ key: adminKey, sites: [] }));
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  let frames = 0;
  page.on('websocket', (socket) => socket.on('framereceived', () => (frames += 1)));
  await page.goto(`${collector.url}/?site=busy&view=live`);
  await page.locator('.live-count strong').filter({ hasText: /\d/ }).waitFor();
  await page.evaluate(() => {
    const tasks: number[] = ((window as any).tasks = []);
    new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => tasks.push(duration))).observe({ type: 'longtask' });
  });
  const before = frames;
  const end = Date.now() + seconds * 1000;
  for (let visitor = 0; Date.now() < end; visitor += 1) {
    const batch = { site: 'busy', tab: (visitor + 1).toString(16).padStart(16, '0'), events: [pageview(`/page-${visitor % 40}`), custom('Signup')] };
    void collector.send(batch, { 'cf-connecting-ip': `203.0.113.${visitor % 250}`, 'user-agent': `browser ${visitor % 500}` });
    await pause(2000 / eventsASecond);
  }
  const tasks: number[] = await page.evaluate(() => (window as any).tasks);
  // None seen means something only where one would be.
  await page.evaluate(() => setTimeout(() => { for (const end = performance.now() + 100; performance.now() < end; ); }));
  await page.waitForFunction((count) => (window as any).tasks.length > count, tasks.length);
  await context.close();
  return { frames: frames - before, longTasks: tasks.length, longestMs: Math.round(Math.max(0, ...tasks)) };
}

try {
  const taken = await clickToFrame();
  const at = (share: number) => Math.round(taken[Math.min(taken.length - 1, Math.floor(taken.length * share))]!);
  console.log(`click to frame            p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms (${taken.length} clicks in ${tabs} tabs)`);
  const { frames, longTasks, longestMs } = await liveView();
  console.log(`live view, ${eventsASecond} events a second  ${frames} frames in ${seconds} s, ${longTasks} tasks over 50 ms, the longest ${longestMs} ms (${slower} times slower)`);
  const figures = {
    clicks: taken.length, p50_ms: at(0.5), p95_ms: at(0.95), max_ms: at(1),
    view_events_per_second: eventsASecond, view_seconds: seconds, view_frames: frames, view_long_tasks: longTasks, view_longest_task_ms: longestMs,
  };
  mkdirSync(path.join(root, 'target/bench'), { recursive: true });
  writeFileSync(path.join(root, 'target/bench/live.json'), `${JSON.stringify(figures, null, 2)}\n`);
} finally {
  await browser.close();
  await Promise.all([collector.stop(), pages.stop()]);
}
