// Ways to ship and what they cost.
import { zero } from './money.js';

const FREE_FROM_MINOR = 10000;

export const ways = [
  { id: 'rail', name: 'By rail', line: '3 to 5 days, the slow and pleasant way', price: { amount_minor: 490, currency: 'EUR' }, freeAbove: true },
  { id: 'express', name: 'Express', line: 'Next working day', price: { amount_minor: 1290, currency: 'EUR' } },
  { id: 'pickup', name: 'Pick up in the shop', line: 'Ready in two hours, coffee included', price: zero },
];

export function shippingCost(wayId, subtotal) {
  const way = ways.find((way) => way.id === wayId) ?? ways[0];
  return way.freeAbove && subtotal.amount_minor >= FREE_FROM_MINOR ? zero : way.price;
}
