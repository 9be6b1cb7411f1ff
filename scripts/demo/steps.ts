// What somebody does in the shop, as events of one tab, each so long after the visit began.

import { type Random, between } from './chance.ts';
import type { Person } from './people.ts';
import { type Money, type Product, elements } from './shop.ts';

export type Step = { after_ms: number; event: Record<string, unknown> };

/** As the contract has them: bits of a click. */
export const rage = 2;
export const dead = 4;

/** Writes down a visit as it goes. */
export class Visit {
  readonly steps: Step[] = [];
  readonly #random: Random;
  readonly #person: Person;
  #now = 0;
  #page = '';

  constructor(random: Random, person: Person) {
    this.#random = random;
    this.#person = person;
  }

  get isPhone(): boolean {
    return this.#person.device.isPhone;
  }

  add(event: Record<string, unknown>, waitMs = 100): void {
    this.#now += Math.round(waitMs);
    this.steps.push({ after_ms: this.#now, event });
  }

  /** Opens a page and reads it. */
  see(path: string, title: string, more: object = {}): void {
    const random = this.#random;
    this.#page = path;
    this.add({ pageview: { path, title: `${title} – Fernweh`, ...more } }, this.steps.length === 0 ? 0 : between(random, 400, 1800));
    if (random() < 0.14) this.#measure();
    if (random() < 0.005) this.add({ script_error: { message: "TypeError: can't access property \"id\", product is undefined", source: '/demo/product.js', line: 24, column: 7 } }, 300);
    const visible_ms = Math.round(3000 + random() ** 2 * (path === '/demo/story' ? 240_000 : 60_000));
    const scroll_percent = path === '/demo/story' && random() < 0.4 ? between(random, 70, 100) : between(random, 18, 95);
    if (random() < 0.85) this.add({ engagement: { visible_ms, scroll_percent } }, visible_ms + random() ** 3 * 40_000);
  }

  /** Clicks on an element of the page, somewhere in its middle. */
  click(id: string, flags = 0): void {
    const random = this.#random;
    const element = elements[this.#page]?.[id];
    if (element === undefined) throw new Error(`${this.#page} has no #${id}`);
    const [x, y, width, height] = this.isPhone ? element.phone : element.desktop;
    const off = (size: number) => (random() + random() - 1) * size * 0.35;
    const at = (middle: number, size: number) => Math.min(10_000, Math.max(0, Math.round(middle + off(size))));
    const where = { x_myriad: at(x, width), y_myriad: at(y, height) };
    const times = flags === rage ? 3 : 1;
    for (let time = 1; time <= times; time++) {
      this.add({ click: { element: `#${id}`, text: element.text, ...where, flags: time === 3 ? rage : flags & ~rage } }, time === 1 ? between(random, 700, 4000) : 250);
    }
  }

  buy(id: string, total: Money, items: { product: object; quantity: number }[], shipping_minor: number): void {
    this.add({ order: { id, total, shipping_minor, items } }, 1500);
  }

  #measure(): void {
    const random = this.#random;
    const slow = (this.isPhone ? 1.5 : 1) * (0.6 + random() ** 4 * 4);
    const value = (typical: number) => Math.round(typical * slow * (0.8 + random() * 0.4));
    this.add({ vital: { name: 'TTFB', value: value(180) } }, 200);
    this.add({ vital: { name: 'FCP', value: value(700) } }, 500);
    this.add({ vital: { name: 'LCP', value: value(1300) } }, 700);
    this.add({ vital: { name: 'CLS', value: Math.round(random() ** 6 * 2500) } }, 10);
    if (random() < 0.6) this.add({ vital: { name: 'INP', value: value(90) } }, 10);
  }
}

/** A product as the contract has it. */
export const sold = ({ id, name, category, price }: Product) => ({ id, name, category, price });
