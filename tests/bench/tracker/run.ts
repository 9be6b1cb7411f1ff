// Compares the built tracker with its peers, in one Chromium and one run: make bench-tracker.
// Parts alone, whose figures take the place of those that are there: node tests/bench/tracker/run.ts [evaluation] [clicks] [wire] [losses]

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { launch } from '../../support/chromium.ts';
import { Collector, root } from '../../support/collector.ts';
import { columns } from '../../support/loss.ts';
import { measureClicks } from './clicks.ts';
import { measureEvaluation } from './evaluation.ts';
import { measureLosses, siteOf } from './losses.ts';
import { Site } from './site.ts';
import { sum } from './statistics.ts';
import { type Row, table } from './table.ts';
import { allTrackers } from './trackers.ts';
import { measureWire } from './wire.ts';

const parts = process.argv.slice(2);
const wanted = (part: string) => parts.length === 0 || parts.includes(part);
const say = (what: string) => console.error(`${new Date().toISOString().slice(11, 19)} ${what}`);

const sites = Object.fromEntries(['bench', ...columns.map(siteOf)].map((site) => [site, { count_bots: true, hosts: ['*'] }]));
const [collector, trackers, browser] = await Promise.all([Collector.start({ sites }), allTrackers(), launch()]);
const site = await Site.start(trackers, collector);

const file = path.join(root, 'target/bench/tracker.json');
const before: Record<string, Row> = parts.length > 0 && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).trackers : {};
const rows = new Map<string, Row>(
  trackers.map(({ name, version, files }) => [name, { ...before[name], version, bytes_br: sum(Object.values(files).map((file) => brotliCompressSync(file).length)) }]),
);
const add = (name: string, figures: Row) => rows.set(name, { ...rows.get(name), ...figures });

/** A tracker that does not do what is waited for lacks that figure; the bench goes on, and fails at its end. */
const attempt = async (what: string, measure: () => Promise<unknown>) => {
  say(what);
  try {
    await measure();
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  }
};

try {
  if (wanted('evaluation')) {
    say('loads at a quarter of the speed');
    for (const [{ name }, figures] of await measureEvaluation(browser, site, trackers)) add(name, figures);
  }
  if (wanted('clicks')) {
    say('clicks');
    for (const [{ name }, figures] of await measureClicks(browser, site, trackers)) add(name, figures);
  }
  for (const tracker of trackers) {
    if (wanted('wire')) await attempt(`bytes: ${tracker.name}`, async () => add(tracker.name, await measureWire(browser, site, tracker)));
    if (wanted('losses')) await attempt(`losses: ${tracker.name}`, async () => add(tracker.name, { loss: await measureLosses(browser, site, collector, tracker) }));
  }
} catch (error) {
  // Said before the rest is taken down, which may wait for what has failed.
  console.error(error);
  process.exit(1);
} finally {
  await browser.close();
  await site.stop();
  await collector.stop();
}

const machine = { at: new Date().toISOString(), chromium: browser.version(), cpu: os.cpus()[0]?.model ?? '', cores: os.cpus().length, load: os.loadavg()[0] ?? 0 };
mkdirSync(path.dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify({ machine, trackers: Object.fromEntries(rows) }, null, 2)}\n`);
console.log(`\n${table(rows)}\n`);
console.log(`Chromium ${machine.chromium}, ${machine.cores} × ${machine.cpu}, load ${machine.load.toFixed(1)}; written to target/bench/tracker.json`);
