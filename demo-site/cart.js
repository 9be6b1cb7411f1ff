// The cart: lines of { product, size, quantity } that outlive the page in the shop's own storage.
import { plus, times, zero } from './money.js';
import { productById } from './products.js';

const KEY = 'fernweh.cart';
const MOST_OF_ONE = 9;

/** Tells that the cart has changed; the header listens. */
export const changes = new EventTarget();

function stored() {
  try {
    const lines = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(lines) ? lines.filter((line) => productById(line.id) && line.quantity > 0) : [];
  } catch {
    return [];
  }
}

function store(lines) {
  try {
    localStorage.setItem(KEY, JSON.stringify(lines));
  } catch {
    // Storage is full or forbidden: the cart lasts as long as the page.
  }
  changes.dispatchEvent(new Event('change'));
}

/** Names a line in ids of elements: the same product in two sizes makes two lines. */
function lineKey(id, size) {
  return size ? `${id}-${size.toLowerCase().replace('/', '')}` : id;
}

export function cartLines() {
  return stored().map(({ id, size, quantity }) => ({ key: lineKey(id, size), product: productById(id), size, quantity }));
}

export function cartCount() {
  return stored().reduce((count, line) => count + line.quantity, 0);
}

export function cartTotal() {
  return cartLines().reduce((sum, line) => plus(sum, times(line.product.price, line.quantity)), zero);
}

export function addToCart(product, size, quantity) {
  const lines = stored();
  const line = lines.find((line) => line.id === product.id && line.size === size);
  if (line) line.quantity = Math.min(MOST_OF_ONE, line.quantity + quantity);
  else lines.push({ id: product.id, size, quantity });
  store(lines);
}

/** A quantity of 0 takes the line out. */
export function setQuantity(key, quantity) {
  const lines = stored().map((line) => (lineKey(line.id, line.size) === key ? { ...line, quantity: Math.min(MOST_OF_ONE, quantity) } : line));
  store(lines.filter((line) => line.quantity > 0));
}

export function emptyCart() {
  store([]);
}
