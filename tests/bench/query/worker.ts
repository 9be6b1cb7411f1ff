// What questions cost in the Worker: one site of four shards, asked over HTTP under workerd.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { dayMs, fill, makeShards, send, shards, site } from './storage.ts';
import { build, Server } from '../server.ts';

type Rows = unknown[][];
export type Answers = Record<string, { ms: number; answer: Rows }>;

/** How often a question is asked again. */
const asks = 30;

const sites = { [site]: { shards } };

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

/** What a dashboard asks: a path, or one with a body; and the rows of an answer, as the host gives them. */
type Question = { route: string; body?: object; rows: (results: any) => Rows };

function dashboard(from: string, to: string): Record<string, Question> {
  const range = `site_id=${site}&period=custom&date=${from},${to}`;
  const stats = (endpoint: string, more: string, rows: Question['rows']) => ({ route: `/api/v1/stats/${endpoint}?${range}&${more}`, rows });
  const days = (results: any[]) => results.map((row) => [Date.parse(row.date) / dayMs, row.visitors, row.pageviews]);
  const busiest = (rows: Rows) => rows.sort((a, b) => Number(b[1]) - Number(a[1])).slice(0, 20);
  return {
    aggregate: stats('aggregate', 'metrics=visitors,visits,pageviews,events,bounce_rate,visit_duration', (results) => [Object.values(results).map((metric: any) => metric.value)]),
    by_day: stats('timeseries', 'interval=date&metrics=visitors,pageviews', (results) => busiest(days(results))),
    by_source: stats('breakdown', 'property=visit:source&limit=20&metrics=visitors,visits', (results) => results.map((row: any) => [row.source.replace('(Direct / None)', ''), row.visitors, row.visits])),
    top_paths: stats('breakdown', 'property=event:page&limit=20&metrics=visitors,pageviews', (results) => results.map((row: any) => [row.page, row.visitors, row.pageviews])),
  };
}

function adHoc(from: string, to: string): Record<string, Question> {
  const asked = { site_id: site, date_range: [from, to] };
  const steps = [{ page: '/' }, { page: '/products/*' }, { event: 'Add to cart' }];
  const filters = [['is', 'visit:source', ['Google']], ['is', 'visit:device', ['Mobile']]];
  return {
    filtered: {
      route: '/api/v2/query',
      body: { ...asked, metrics: ['visitors', 'pageviews'], dimensions: ['event:page'], filters, pagination: { limit: 20 } },
      rows: (results) => results.map((row: any) => [row.dimensions[0], ...row.metrics]),
    },
    funnel_3: { route: '/api/v1/funnel', body: { ...asked, steps }, rows: (results) => results.steps.map((step: any, place: number) => [place, step.count]) },
  };
}

/** How long a question took: on the clock, and of the processor's time, which other programs hardly touch. */
export type Cost = { ms: number; cpuMs: number };
export type Costs = Record<string, Cost>;

async function ask(server: Server, question: Question, expected?: Rows): Promise<Cost> {
  const before = server.cpuMs();
  const { json, ms } = await server.ask(question.route, question.body);
  const cpuMs = server.cpuMs() - before;
  if (expected !== undefined) assert.deepEqual(question.rows(json.results), expected, question.route);
  return { ms, cpuMs };
}

/** Milliseconds that workerd takes longer to listen with the collector than with a Worker that does nothing. */
async function startUp(folder: string): Promise<number> {
  const started = async (start: () => Promise<Server>) => {
    const times: number[] = [];
    for (let n = 0; n < 7; n++) {
      const server = await start();
      await server.stop();
      times.push(server.startedMs);
    }
    return median(times);
  };
  return (await started(() => Server.collector(folder, sites))) - (await started(() => Server.empty(folder)));
}

/** What is measured of the Worker. */
export type Figures = {
  warm_ms_median: number;
  warm_after_an_event_ms_median: number;
  cold_ms: number;
  restarted_ms: number;
  filtered_ms: number;
  funnel_ms: number;
  costs: { cold: Costs; restarted: Costs; warm: Costs; warm_after_an_event: Costs; first_time: Costs };
  memory_bytes: number;
  memory_bytes_per_shard: number;
  bundle_gzip_bytes: number;
  start_up_ms: number;
};

/**
 * Measures the Worker. `data` holds what the example wrote of the thirty days before today, `host` what the host answers: the
 * Worker's answers must be the same.
 */
export async function measure(folder: string, data: string, today: number, host: Answers): Promise<Figures> {
  const startUpMs = await startUp(folder);
  let server = await Server.collector(folder, sites);
  try {
    await makeShards(server);
    await server.stop();
    fill(folder, data, today);

    const date = (day: number) => new Date(day * dayMs).toISOString().slice(0, 10);
    const [from, to] = [date(today - 30), date(today)];
    const questions = Object.entries(dashboard(from, to));
    const [cold, restarted, warm, live, adHocCosts]: [Costs, Costs, Costs, Costs, Costs] = [{}, {}, {}, {}, {}];
    const restart = async () => {
      await server.stop();
      server = await Server.collector(folder, sites);
    };
    const again = async (question: Question, before: () => Promise<void>) => {
      const costs: Cost[] = [];
      for (let n = 0; n < asks; n++) {
        await before();
        costs.push(await ask(server, question));
      }
      return { ms: median(costs.map(({ ms }) => ms)), cpuMs: median(costs.map(({ cpuMs }) => cpuMs)) };
    };
    // Asked for the first time ever, after a start of its own; then once more after another.
    for (const costs of [cold, restarted]) {
      for (const [name, question] of questions) {
        await restart();
        costs[name] = await ask(server, question, host[name]!.answer);
      }
    }
    await restart();
    const before = server.memory();
    for (const [name, question] of questions) {
      await ask(server, question);
      warm[name] = await again(question, async () => {});
    }
    for (const [name, question] of Object.entries(adHoc(from, to))) {
      adHocCosts[name] = await ask(server, question, host[name]!.answer);
    }
    const memory = server.memory() - before;
    // Each after an event of a new visitor: the shard that it went to has nothing left of today.
    let visitor = 1_000;
    for (const [name, question] of questions) live[name] = await again(question, () => send(server, visitor++));
    const worst = (costs: Costs) => Math.max(...Object.values(costs).map(({ ms }) => ms));
    const bundle = ['index.js', 'index_bg.wasm'].map((name) => gzipSync(readFileSync(path.join(build, name)), { level: 9 }).length);
    return {
      // Of the questions that a dashboard asks, the one that takes longest.
      warm_ms_median: worst(warm),
      warm_after_an_event_ms_median: worst(live),
      cold_ms: worst(cold),
      restarted_ms: worst(restarted),
      filtered_ms: adHocCosts['filtered']!.ms,
      funnel_ms: adHocCosts['funnel_3']!.ms,
      costs: { cold, restarted, warm, warm_after_an_event: live, first_time: adHocCosts },
      memory_bytes: memory,
      memory_bytes_per_shard: memory / shards,
      bundle_gzip_bytes: bundle.reduce((sum, bytes) => sum + bytes, 0),
      start_up_ms: startUpMs,
    };
  } finally {
    await server.stop();
  }
}
