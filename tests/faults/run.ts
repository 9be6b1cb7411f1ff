// Many made-up visitors behind a proxy that fails, while the collector is killed and started again, its objects vanish and their
// alarms fire twice. In the end every event that a tab was told is counted has been counted once, and none besides.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ANSWER_WITHIN_MS, FaultyProxy, pass } from '../support/faulty-proxy.ts';
import { chance } from '../support/visits.ts';
import { Account } from './books.ts';
import { runCoreTab } from './core-tab.ts';
import { runJsonTab } from './json-tab.ts';
import { type Post, poster } from './post.ts';
import { type Tab, Truth, type Visitor, visitors } from './story.ts';
import { Victim } from './victim.ts';
import { weather } from './weather.ts';

const SITES = { 'one shard': { shards: 1 }, 'four shards': { shards: 4 } };
const DAY_MS = 86_400_000;

/** A run of a thousand events takes about a second. Visitors without an id of their own are others after midnight (UTC). */
const MS_OF_AN_EVENT = 1;

export type Options = {
  /** At least so many events are counted. */
  events: number;
  seed: number;
  /** How many visitors there are at a time. */
  atOnce: number;
  /** How many events happen at once in a tab, at the most. */
  burst: number;
  kills: number;
  evictions: number;
  alarms: number;
  /** Bodies of each thousand that are sent once more in the end. */
  replayed: number;
  say: (text: string) => void;
};

/** What was done to the collector. */
export type Done = { events: number; requests: number; kills: number; evictions: number; alarms: number; lost: number; unanswered: number; duplicates: number; seconds: number };

async function untilMidnightIsFarther(ms: number, say: Options['say']): Promise<void> {
  const left = DAY_MS - (Date.now() % DAY_MS);
  if (left > ms) return;
  say(`it would run into midnight (UTC), so it waits for ${Math.ceil(left / 1000)} s`);
  await sleep(left + 1);
}

export async function run(options: Options): Promise<Done> {
  const { seed, say } = options;
  await untilMidnightIsFarther(120_000 + options.events * MS_OF_AN_EVENT, say);
  const folder = mkdtempSync(path.join(tmpdir(), 'passerby-faults-'));
  const victim = await Victim.start(folder, SITES);
  const proxy = await FaultyProxy.start(victim.url, new Agent({ keepAlive: true, maxSockets: 512 }));
  try {
    return await new Run(options, victim, proxy).all();
  } catch (error) {
    say(`the collector printed last:\n${victim.log.slice(-20).join('\n')}`);
    throw new Error(`with SEED=${seed}: ${(error as Error).message}`, { cause: error });
  } finally {
    await proxy.stop();
    await victim.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Run {
  readonly #options: Options;
  readonly #victim: Victim;
  readonly #proxy: FaultyProxy;
  readonly #post: Post;
  readonly #random: () => number;
  readonly #truths: Record<string, Truth> = {};
  readonly #accounts: Record<string, Account> = {};
  readonly #done = { kills: 0, evictions: 0, alarms: 0, requests: 0 };
  /** When what was done to the collector. */
  readonly #acts: { what: string; atMs: number }[] = [];
  /** Bodies for later. */
  readonly #kept: Parameters<Post>[] = [];
  #told = 0;
  #under = 0;

  constructor(options: Options, victim: Victim, proxy: FaultyProxy) {
    [this.#options, this.#victim, this.#proxy] = [options, victim, proxy];
    this.#random = chance(options.seed + 1);
    const post = poster(proxy.url);
    this.#post = (...sent) => {
      if (this.#random() * 1000 < options.replayed) this.#kept.push(sent);
      return post(...sent);
    };
    const fault = weather(this.#random);
    proxy.fault = (exchange) => this.#watch(async () => fault(exchange), exchange);
  }

  /** Lets a request meet its fault, and enters what came of it. */
  async #watch(meet: () => Promise<void>, exchange: Parameters<FaultyProxy['fault']>[0]): Promise<void> {
    this.#under += 1;
    try {
      await meet();
    } finally {
      this.#under -= 1;
      this.#done.requests += 1;
      this.#tellUnanswered(exchange);
      Account.enter(this.#accounts, exchange);
      // A million events are more than need be kept.
      if (this.#proxy.exchanges.length > 1_000) this.#proxy.exchanges.length = 0;
    }
  }

  /** A request that nobody answers is allowed, as a tracker allows it; what was done around it may say why. */
  #tellUnanswered({ asks }: Parameters<FaultyProxy['fault']>[0]): void {
    for (const { fromMs, toMs, reply } of asks) {
      if (reply !== undefined || toMs - fromMs < ANSWER_WITHIN_MS) continue;
      const around = this.#acts.filter(({ atMs }) => Math.abs(atMs - fromMs) < 5_000).map(({ what, atMs }) => `${what} after ${atMs - fromMs} ms`);
      this.#options.say(`a request was not answered; done around it: ${around.join(', ') || 'nothing'}; the collector printed last:\n${this.#victim.log.slice(-20).join('\n')}`);
    }
  }

  async all(): Promise<Done> {
    const began = performance.now();
    const stories = visitors(this.#options.seed, Object.keys(SITES), this.#options.burst);
    const visit = async () => {
      while (this.#told < this.#options.events) await this.#visit(stories.next().value as Visitor);
    };
    const fate = this.#fate();
    await Promise.all(Array.from({ length: this.#options.atOnce }, visit));
    await fate;
    // What still is on its way arrives, and what was sent is sent once more: it may change nothing.
    while (this.#under > 0) await sleep(20);
    this.#proxy.fault = (exchange) => this.#watch(async () => pass(exchange), exchange);
    for (let at = 0; at < this.#kept.length; at += 32) await Promise.all(this.#kept.slice(at, at + 32).map((sent) => this.#post(...sent)));
    for (const site of Object.keys(SITES)) await this.#compare(site);
    const sum = (of: (account: Account) => number) => Object.values(this.#accounts).reduce((total, account) => total + of(account), 0);
    return {
      ...this.#done, events: this.#told, lost: sum(({ lost }) => lost), unanswered: sum(({ unanswered }) => unanswered), duplicates: sum(({ known }) => known['duplicate'] ?? 0),
      seconds: (performance.now() - began) / 1000,
    };
  }

  async #visit(visitor: Visitor): Promise<void> {
    const began = performance.now();
    const ran: Tab[] = [];
    for (const tab of visitor) {
      if (this.#told >= this.#options.events) break;
      ran.push(tab);
      await (tab.form === 'compact' ? runCoreTab : runJsonTab)(tab, this.#post);
      this.#told += tab.bursts.flat().length;
    }
    const site = visitor[0]?.site as string;
    (this.#truths[site] ??= new Truth()).add(ran);
    // Otherwise what is one visit in the story would be two.
    assert.ok(performance.now() - began < 15 * 60_000, 'a visitor took longer than a visit may pause');
  }

  /** Does to the collector what must be done, spread over the run by chance. */
  async #fate(): Promise<void> {
    const { events, kills, evictions, alarms, say } = this.#options;
    const act = {
      kills: async () => {
        await this.#victim.kill();
        await sleep(this.#random() * 300);
        await this.#victim.start();
      },
      evictions: () => this.#victim.evict(),
      alarms: () => {
        const [site, { shards }] = Object.entries(SITES)[this.#random() < 0.5 ? 0 : 1] as [string, { shards: number }];
        return this.#victim.alarmTwice(site, Math.floor(this.#random() * shards));
      },
    };
    const due = Object.entries({ kills, evictions, alarms }).flatMap(([what, count]) =>
      Array.from({ length: count }, () => ({ what: what as keyof typeof act, at: (0.02 + 0.9 * this.#random()) * events })));
    due.sort((a, b) => a.at - b.at);
    let said = performance.now();
    for (const { what, at } of due) {
      while (this.#told < at) {
        await sleep(20);
        if (performance.now() - said < 10_000) continue;
        said = performance.now();
        say(`${this.#told} events, ${this.#done.requests} requests, ${this.#done.kills} kills`);
      }
      const atMs = Date.now();
      await act[what]();
      this.#acts.push({ what, atMs });
      this.#done[what] += 1;
    }
  }

  async #compare(site: string): Promise<void> {
    const truth = this.#truths[site] as Truth;
    const read = (route: string) => this.#victim.read(`/api/v1/${route}&site_id=${encodeURIComponent(site)}&period=7d`);
    const { results } = await read('stats/aggregate?metrics=visitors,visits,pageviews,events');
    const totals = Object.fromEntries(Object.entries(results as Record<string, { value: number }>).map(([name, { value }]) => [name, value]));
    const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);
    const { visitors, visits, events } = truth;
    assert.deepEqual(totals, { visitors, visits, pageviews: sum(truth.pageviews), events }, `totals of ${site}`);
    const rows = async (property: string, metric: string, label: string) => {
      const { results } = await read(`stats/breakdown?property=${property}&metrics=${metric}&limit=1000`);
      // A page may have had events and no view.
      return Object.fromEntries(results.map((row: any) => [row[label], row[metric]]).filter(([, count]: [string, number]) => count > 0));
    };
    assert.deepEqual(await rows('event:page', 'pageviews', 'page'), truth.pageviews, `pages of ${site}`);
    const named = await rows('event:name', 'events', 'name');
    assert.deepEqual(Object.fromEntries(Object.keys(truth.customs).map((name) => [name, named[name]])), truth.customs, `custom events of ${site}`);
    this.#balance(site, truth, await read('outcomes?interval=minute'));
  }

  /** What was received is what became of it, in all and in each minute, and is what replies said. */
  #balance(site: string, truth: Truth, { results, received, series }: { results: Record<string, number>; received: number; series: any[] }): void {
    const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);
    const { known, unknown, leastOfMinute, mostOfMinute } = this.#accounts[site] as Account;
    const ofEvents = Object.fromEntries(Object.entries(results).filter(([name]) => !name.startsWith('request:')));
    assert.equal(received, sum(ofEvents), `received of ${site}`);
    assert.equal(ofEvents['accepted'], truth.events, `accepted of ${site}`);
    for (const name of new Set([...Object.keys(ofEvents), ...Object.keys(known)])) {
      const [counted, least] = [ofEvents[name] ?? 0, known[name] ?? 0];
      const most = least + (unknown[name] ?? 0);
      assert.ok(least <= counted && counted <= most, `${name} of ${site}: ${counted}, where replies say from ${least} to ${most}`);
    }
    let total = 0;
    for (const { date, results, received } of series) {
      const minute = Date.parse(`${date.replace(' ', 'T')}Z`) / 60_000;
      const ofMinute = sum(Object.fromEntries(Object.entries(results as Record<string, number>).filter(([name]) => !name.startsWith('request:'))));
      assert.equal(received, ofMinute, `received of ${site} in ${date}`);
      const [least, most] = [leastOfMinute[minute] ?? 0, mostOfMinute[minute] ?? 0];
      assert.ok(least <= received && received <= most, `received of ${site} in ${date}: ${received}, where replies say from ${least} to ${most}`);
      total += received;
    }
    assert.equal(total, received, `all minutes of ${site}`);
  }
}
