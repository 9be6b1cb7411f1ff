// Made-up visits of a shop, the same for the same seed: where people come from, what they read, search, click and buy.

/** A small generator of even chance (mulberry32), so that a seed decides everything. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;
type Weighted<T> = readonly (readonly [T, number])[];

function pick<T>(random: Random, choices: Weighted<T>): T {
  let left = random() * choices.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [choice, weight] of choices) if ((left -= weight) < 0) return choice;
  return choices[choices.length - 1]![0];
}

const agents: Weighted<string> = [
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36', 26],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1', 27],
  ['Mozilla/5.0 (Linux; Android 14; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36', 14],
  ['Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36', 16],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15', 10],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0', 5],
  ['Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1', 4],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0', 6],
];

type Origin = { referrer?: string; query?: string };
const origins: Weighted<Origin> = [
  [{}, 28],
  [{ referrer: 'https://www.google.com/' }, 30],
  [{ referrer: 'https://search.naver.com/search.naver' }, 8],
  [{ referrer: 'https://duckduckgo.com/' }, 3],
  [{ referrer: 'https://www.instagram.com/', query: 'utm_source=instagram&utm_medium=social&utm_campaign=autumn-trails' }, 9],
  [{ referrer: 'https://www.youtube.com/' }, 4],
  [{ query: 'utm_source=newsletter&utm_medium=email&utm_campaign=november-letter' }, 8],
  [{ referrer: 'https://www.google.com/', query: 'utm_source=google&utm_medium=cpc&utm_campaign=backpacks-brand' }, 6],
  [{ referrer: 'https://www.reddit.com/r/onebag/' }, 4],
  [{ referrer: 'https://trains.example/night-trains' }, 3],
];

type Where = { country: string; city: string; regionCode: string; language: string };
const places: Weighted<Where> = [
  [{ country: 'KR', city: 'Seoul', regionCode: '11', language: 'ko-KR' }, 26],
  [{ country: 'DE', city: 'Berlin', regionCode: 'BE', language: 'de-DE' }, 18],
  [{ country: 'DE', city: 'Munich', regionCode: 'BY', language: 'de-DE' }, 9],
  [{ country: 'AT', city: 'Vienna', regionCode: '9', language: 'de-AT' }, 11],
  [{ country: 'US', city: 'New York', regionCode: 'NY', language: 'en-US' }, 12],
  [{ country: 'GB', city: 'London', regionCode: 'ENG', language: 'en-GB' }, 8],
  [{ country: 'FR', city: 'Paris', regionCode: 'IDF', language: 'fr-FR' }, 6],
  [{ country: 'IT', city: 'Trieste', regionCode: '36', language: 'it-IT' }, 4],
  [{ country: 'JP', city: 'Tokyo', regionCode: '13', language: 'ja-JP' }, 4],
  [{ country: 'BR', city: 'São Paulo', regionCode: 'SP', language: 'pt-BR' }, 2],
  [{ country: 'AU', city: 'Sydney', regionCode: 'NSW', language: 'en-AU' }, 2],
];

const products = [
  { id: 'hausberg', name: 'Hausberg backpack', category: 'bags', price: 14900 },
  { id: 'nachtzug', name: 'Nachtzug sleep set', category: 'sleep', price: 5900 },
  { id: 'gluehwurm', name: 'Glühwurm headlamp', category: 'light', price: 3900 },
  { id: 'logbuch', name: 'Logbuch notebook', category: 'paper', price: 1900 },
  { id: 'schnuerlregen', name: 'Schnürlregen jacket', category: 'rain', price: 18900 },
  { id: 'murmeltier', name: 'Murmeltier pillow', category: 'sleep', price: 2900 },
];
const terms: Weighted<[string, number]> = [[['backpack', 3], 9], [['rain jacket', 2], 6], [['headlamp', 1], 5], [['tent', 0], 4], [['gift card', 0], 3], [['배낭', 0], 3]];

export type Visit = { batch: { site: string; tab: string; events: object[]; [field: string]: unknown }; headers: Record<string, string>; cf: object };

/** More by day than by night; `hour` of the site's. */
function traffic(hour: number): number {
  return 0.25 + Math.max(0, Math.sin(((hour - 5) / 24) * 2 * Math.PI - 0.6)) + (hour >= 18 && hour <= 22 ? 0.45 : 0);
}

/** So many visits of the last hours, the oldest first. `nowMs` decides only what time of day it was. */
export function visits(site: string, count: number, hours: number, seed: number, nowMs: number): Visit[] {
  const random = chance(seed);
  const ages: number[] = [];
  while (ages.length < count) {
    const ageMs = Math.floor((1 - random() ** 1.15) * hours * 3_600_000);
    if (random() * 1.8 < traffic(new Date(nowMs - ageMs).getUTCHours())) ages.push(ageMs);
  }
  ages.sort((a, b) => b - a);
  return ages.map((ageMs, place) => visit(site, place, ageMs, random));
}

function visit(site: string, place: number, ageMs: number, random: Random): Visit {
  const agent = pick(random, agents);
  const where = pick(random, places);
  const isPhone = /Mobile|Android/.test(agent);
  const events = walk(random, pick(random, origins), ageMs, isPhone);
  return {
    batch: {
      site,
      tab: (0x5000_0000_0000_0000n + BigInt(place)).toString(16),
      viewport: isPhone ? [390, 844] : [1440, 900],
      context: { screen: isPhone ? [390, 844] : [1440, 900], language: where.language },
      events,
    },
    headers: { 'user-agent': agent, 'cf-connecting-ip': `198.51.${Math.floor(random() * 90)}.${Math.floor(random() * 250)}` },
    cf: { country: where.country, city: where.city, regionCode: where.regionCode },
  };
}

/** What somebody does, until they leave: time runs no further than to now. */
function walk(random: Random, origin: Origin, ageMs: number, isPhone: boolean): object[] {
  const events: object[] = [];
  let left = ageMs;
  const after = (ms: number) => {
    const step = Math.min(Math.floor(ms), left);
    left -= step;
    return step;
  };
  const add = (event: object, ms: number) => events.push({ after_ms: after(ms), ...event });
  const see = (path: string, title: string, more: object = {}) => {
    add({ pageview: { path, title, ...more } }, 1500 + random() * 9000);
    if (random() < 0.8) add({ engagement: { visible_ms: Math.floor(4000 + random() ** 2 * 90_000), scroll_percent: Math.floor(20 + random() * 80) } }, 3000 + random() * 30_000);
  };
  const click = (element: string, text: string, y: number, flags = 0) =>
    add({ click: { element, text, x_myriad: Math.floor(2500 + random() * 5000), y_myriad: Math.floor(y + random() * 400), flags } }, 800 + random() * 5000);

  const entry = pick<string>(random, [['/', 46], ['/products', 14], ['/story/night-train', 16], ['/products/hausberg', 12], ['/products/nachtzug', 6], ['/help/shipping', 6]]);
  events.push({ after_ms: -ageMs, pageview: { path: entry, title: 'Fernweh', ...origin } });
  if (random() < 0.42) {
    if (random() < 0.6) add({ engagement: { visible_ms: Math.floor(3000 + random() * 20_000), scroll_percent: Math.floor(10 + random() * 50) } }, 9000);
    return events;
  }
  click('header nav a.products', 'Gear', 150);
  if (random() < 0.18) {
    const [words, results] = pick(random, terms);
    add({ search: { terms: words, results } }, 4000);
    see('/search', 'Search');
    if (results === 0 && random() < 0.5) return events;
  }
  see('/products', 'All gear');
  if (random() < 0.1) click('.hero img', '', 2100, 4);
  const cart: { product: object; quantity: number; minor: number }[] = [];
  for (let looks = 1 + Math.floor(random() * 3); looks > 0; looks--) {
    const product = products[Math.floor(random() ** 1.6 * products.length)]!;
    const sold = { id: product.id, name: product.name, category: product.category, price: { amount_minor: product.price, currency: 'EUR' } };
    see(`/products/${product.id}`, product.name);
    add({ product_view: sold }, 200);
    if (random() < (isPhone ? 0.22 : 0.32)) {
      click('#add-to-cart', 'Add to cart', 4200, random() < 0.06 ? 2 : 0);
      add({ cart_add: { product: sold, quantity: 1 } }, 300);
      cart.push({ product: sold, quantity: 1, minor: product.price });
    }
  }
  if (random() < 0.06) add({ outbound: { url: 'https://www.openstreetmap.org/#map=15/45.65/13.765', text: 'Map of Trieste' } }, 5000);
  if (random() < 0.09) {
    add({ form_start: { form: 'newsletter', field: 'email' } }, 8000);
    if (random() < 0.6) {
      add({ form_submit: { form: 'newsletter' } }, 6000);
      add({ custom: { name: 'Newsletter signup', props: { place: pick(random, [['footer', 3], ['story', 1]]) } } }, 100);
    }
  }
  if (cart.length === 0 || random() < 0.3) return events;
  see('/cart', 'Your cart');
  if (random() < 0.3) return events;
  click('#cart-checkout', 'Go to checkout', 3000);
  see('/checkout', 'Checkout');
  add({ checkout: { step: 1, name: 'address' } }, 500);
  add({ form_start: { form: 'checkout', field: 'name' } }, 3000);
  if (random() < 0.35) {
    add({ form_abandon: { form: 'checkout', field: pick(random, [['card-number', 4], ['street', 2], ['email', 1]]) } }, 20_000);
    return events;
  }
  add({ form_submit: { form: 'checkout' } }, 45_000);
  const total = cart.reduce((sum, { minor }) => sum + minor, 0) + (random() < 0.5 ? 490 : 0);
  add({ order: {
    id: `F${Math.floor(random() * 1e9)}`, total: { amount_minor: total, currency: 'EUR' },
    items: cart.map(({ product, quantity }) => ({ product, quantity })),
  } }, 2000);
  see('/thanks', 'Thank you');
  return events;
}
