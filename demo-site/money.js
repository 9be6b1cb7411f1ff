// Money is an integer of minor units and an ISO currency; all prices here are in euro, which has 100 minor units.
const euro = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });

export const zero = { amount_minor: 0, currency: 'EUR' };

export function times(money, count) {
  return { ...money, amount_minor: money.amount_minor * count };
}

export function plus(a, b) {
  return { ...a, amount_minor: a.amount_minor + b.amount_minor };
}

export function priceText(money) {
  return euro.format(money.amount_minor / 100);
}
