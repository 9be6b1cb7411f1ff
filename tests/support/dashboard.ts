// The dashboard as the collector serves it, in a browser that notes whatever a page should not do.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { Answer, Query } from '../../edge-collector/api.d.ts';
import { launch } from './chromium.ts';
import { Collector, adminKey, type SiteSettings } from './collector.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export class Dashboard {
  readonly collector: Collector;
  readonly url: string;
  readonly #browser: Browser;

  private constructor(collector: Collector, url: string, browser: Browser) {
    this.collector = collector;
    this.url = url;
    this.#browser = browser;
  }

  static async start(sites: Record<string, SiteSettings>): Promise<Dashboard> {
    const collector = await Collector.start({ files: true, sites });
    return new Dashboard(collector, collector.url, await launch());
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.collector.stop();
  }

  /** A browser of somebody's own: nothing is shared with another. Signed in, unless `key` is undefined. */
  async visitor(options: BrowserContextOptions & { key?: string | undefined } = {}): Promise<Visitor> {
    const context = await this.#browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 }, ...options });
    const key = 'key' in options ? options.key : adminKey;
    const session = JSON.stringify({ key, sites: [] });
    if (key !== undefined) await context.addInitScript((kept) => {
      // An empty page has no storage.
      if (location.origin !== 'null') sessionStorage.setItem('passerby.session', kept);
    }, session);
    return new Visitor(context, this.url);
  }

  /** What the API answers to a question. */
  async ask(query: Query): Promise<Answer> {
    const answer = await this.collector.request('/api/v2/query', { method: 'POST', headers: { authorization: `Bearer ${adminKey}` }, body: JSON.stringify(query) });
    assert.equal(answer.status, 200, answer.text);
    return answer.json as Answer;
  }

  /** Changes something by the API, as the settings do. */
  async change(method: string, path: string, body?: object): Promise<any> {
    const answer = await this.collector.request(path, { method, headers: { authorization: `Bearer ${adminKey}` }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    assert.ok(answer.status < 300, answer.text);
    return answer.json;
  }

  /** What a report answers. */
  async report(name: string, question: object): Promise<any> {
    const answer = await this.collector.request(`/api/v1/${name}`, { method: 'POST', headers: { authorization: `Bearer ${adminKey}` }, body: JSON.stringify(question) });
    assert.equal(answer.status, 200, answer.text);
    return answer.json.results;
  }
}

export class Visitor {
  readonly context: BrowserContext;
  readonly #url: string;
  /** What no page of the dashboard may do: errors, dialogs, refusals by its policy, requests elsewhere. */
  readonly offences: string[] = [];

  constructor(context: BrowserContext, url: string) {
    this.context = context;
    this.#url = url;
    const note = (what: string) => this.offences.push(what);
    context.on('page', (page) => {
      page.on('pageerror', (error) => note(`error: ${error.message}`));
      page.on('console', (message) => message.type() === 'error' && !/401|404/.test(message.text()) && note(`console: ${message.text()}`));
      page.on('dialog', (dialog) => {
        note(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
    });
    context.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== url && protocol !== 'data:' && protocol !== 'blob:') note(`request: ${request.url()}`);
    });
  }

  /** Opens an address and waits until all of it is shown. */
  async open(query: string): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(`${this.#url}/${query}`);
    await settled(page);
    return page;
  }
}

/** Until everything that the page asked for is shown. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('.panel, .notice') !== null && document.querySelector('.skeleton, .stale, [aria-busy="true"]') === null);
}

/** What axe finds that is serious, in words. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => (window as any).axe.run({ resultTypes: ['violations'] }));
  const serious = violations.filter(({ impact }: { impact: string }) => impact === 'serious' || impact === 'critical');
  return serious.flatMap(({ id, nodes }: any) => nodes.map((node: any) => `${id}: ${node.target.join(' ')}: ${node.failureSummary}`));
}

/** How many pixels the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** A table's rows as they are shown, in the panel of this title. */
export async function tableOf(page: Page, title: string): Promise<string[][]> {
  const rows = page.locator(`section[aria-label="${title}"] tbody tr`);
  return rows.evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));
}
