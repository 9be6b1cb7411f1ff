// The ways through the shop: some leave at once, some read, some look for something, some buy.

import { type Random, type Weighted, between, pick } from './chance.ts';
import type { Origin } from './origins.ts';
import type { Person } from './people.ts';
import { type Product, elements, products, productsMatching } from './shop.ts';
import { type Step, Visit, dead, rage, sold } from './steps.ts';

const entries: Weighted<string> = [['/demo/', 48], ['/demo/list', 14], ['/demo/product', 20], ['/demo/story', 18]];
const terms: Weighted<string> = [['rain', 9], ['tent', 8], ['notebook', 5], ['sleeping bag', 5], ['wool', 4], ['gift card', 4], ['hiking boots', 3], ['배낭', 3], ['stove', 2]];
const given: Weighted<string> = [['card-number', 5], ['street', 3], ['email', 2]];

/** What somebody wants of the range: the first things more than the last. */
const wanted = (random: Random): Product => products[Math.floor(random() ** 1.7 * products.length)]!;

/** What a person does who comes from somewhere. Who has been there before buys more. `order` is the id of what they may order. */
export function walk(random: Random, person: Person, origin: Origin, isReturning: boolean, order: string): Step[] {
  const visit = new Visit(random, person);
  const entry = isReturning ? '/demo/' : pick(random, entries);
  enter(visit, random, entry, origin);
  if (random() < (isReturning ? 0.35 : 0.48)) return visit.steps;
  if (random() < 0.16 && search(visit, random)) return visit.steps;
  toList(visit, random, entry);
  const cart = look(visit, random, isReturning);
  if (random() < 0.07) newsletter(visit, random);
  if (cart.length > 0 && random() < 0.72) checkOut(visit, random, cart, order);
  return visit.steps;
}

/** Somebody brings an order back: they look at their account, and are paid. */
export function bringBack(random: Random, person: Person, order: string): Step[] {
  const visit = new Visit(random, person);
  visit.see('/demo/app/', 'Your Fernweh');
  visit.click('app-nav-orders');
  visit.see('/demo/app/orders', 'Orders', { trigger: 'push' });
  visit.add({ refund: { order } }, 30_000);
  return visit.steps;
}

function enter(visit: Visit, random: Random, entry: string, origin: Origin): void {
  const titles: Record<string, string> = { '/demo/': 'gear for going away', '/demo/list': 'All gear', '/demo/story': 'By night train to the sea' };
  const product = wanted(random);
  visit.see(entry, titles[entry] ?? product.name, origin);
  if (entry === '/demo/product') visit.add({ product_view: sold(product) }, 50);
  if (entry === '/demo/' && random() < 0.08) visit.click('hero-title', dead);
  if (entry === '/demo/story' && random() < 0.12) {
    visit.click('story-outbound');
    visit.add({ outbound: { url: 'https://www.openstreetmap.org/#map=15/45.6500/13.7650', text: 'OpenStreetMap of Trieste' } }, 50);
  }
}

/** Looks for something; whether that was all. */
function search(visit: Visit, random: Random): boolean {
  const words = pick(random, terms);
  const results = productsMatching(words).length;
  visit.see('/demo/search', `Results for “${words}”`);
  visit.add({ search: { terms: words, results } }, 50);
  return results === 0 && random() < 0.6;
}

function toList(visit: Visit, random: Random, entry: string): void {
  if (entry === '/demo/list') return;
  if (entry === '/demo/') visit.see('/demo/', 'gear for going away');
  if (entry === '/demo/') visit.click(pick(random, [['hero-shop', 6], ['nav-list', 4], ['featured-all', 2], ['category-bags', 2], ['category-sleep', 1]]));
  visit.see('/demo/list', 'All gear');
  if (random() < 0.2) visit.click(pick(random, [['filter-bags', 3], ['filter-sleep', 2]]));
  if (random() < 0.03) visit.click('list-title', dead);
}

/** Looks at some products; what of them is in the cart then. */
function look(visit: Visit, random: Random, isReturning: boolean): Product[] {
  const cart: Product[] = [];
  for (let looks = between(random, 1, 3); looks > 0; looks--) {
    const product = wanted(random);
    const link = `product-${product.id}`;
    if (visit.steps.length > 0 && link in elements['/demo/list']! && looks > 1) {
      visit.see('/demo/list', 'All gear');
      visit.click(link);
    }
    visit.see('/demo/product', product.name);
    visit.add({ product_view: sold(product) }, 50);
    if (random() < 0.14) visit.click('product-image', dead);
    if (random() < (visit.isPhone ? 0.06 : 0.09) * (isReturning ? 1.7 : 1)) {
      visit.click('add-to-cart', random() < 0.05 ? rage : 0);
      visit.add({ cart_add: { product: sold(product), quantity: 1 } }, 150);
      cart.push(product);
    }
    if (random() < 0.04) visit.add({ download: { url: '/demo/size-guide.pdf' } }, 4000);
  }
  return cart;
}

function newsletter(visit: Visit, random: Random): void {
  visit.see('/demo/', 'gear for going away');
  visit.add({ form_start: { form: 'newsletter-form', field: 'email' } }, 6000);
  if (random() < 0.35) return visit.add({ form_abandon: { form: 'newsletter-form', field: 'email' } }, 8000);
  visit.click('newsletter-submit');
  visit.add({ form_submit: { form: 'newsletter-form' } });
  visit.add({ custom: { name: 'Newsletter signup', props: { place: 'footer' } } });
}

function checkOut(visit: Visit, random: Random, cart: Product[], order: string): void {
  visit.see('/demo/cart', 'Cart');
  if (cart.length > 1 && random() < 0.15) {
    visit.click('cart-remove');
    visit.add({ cart_remove: { product: sold(cart.pop()!), quantity: 1 } });
  }
  if (random() < 0.25) return;
  visit.click('cart-checkout');
  visit.see('/demo/checkout', 'Checkout');
  visit.add({ checkout: { step: 1, name: 'address' } });
  visit.add({ form_start: { form: 'checkout-form', field: 'name' } }, 3000);
  if (random() < 0.3) return visit.add({ form_abandon: { form: 'checkout-form', field: pick(random, given) } }, 25_000);
  visit.click('checkout-next', random() < 0.06 ? rage : 0);
  visit.add({ checkout: { step: 2, name: 'shipping' } }, 20_000);
  visit.click('checkout-next');
  visit.add({ checkout: { step: 3, name: 'payment' } }, 6000);
  if (random() < 0.12) return visit.add({ form_abandon: { form: 'checkout-form', field: 'card-number' } }, 15_000);
  visit.click('checkout-pay');
  visit.add({ form_submit: { form: 'checkout-form' } });
  const subtotal = cart.reduce((sum, { price }) => sum + price.amount_minor, 0);
  const shipping = subtotal >= 10_000 ? 0 : 490;
  visit.see('/demo/thanks', 'Thank you');
  visit.buy(order, { amount_minor: subtotal + shipping, currency: 'EUR' }, cart.map((product) => ({ product: sold(product), quantity: 1 })), shipping);
}
