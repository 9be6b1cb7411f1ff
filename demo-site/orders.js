// Orders placed in this browser, newest first.
const KEY = 'fernweh.orders';

export function orders() {
  try {
    const list = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

export function placeOrder(order) {
  try {
    localStorage.setItem(KEY, JSON.stringify([order, ...orders()].slice(0, 20)));
  } catch {
    // Storage is full or forbidden: the order is shown on no later page.
  }
}

/** True the first time it is asked about an order in this tab: a reload of the last page must not report the order again. */
export function isFirstShowing(order) {
  const key = `fernweh.shown.${order.id}`;
  if (sessionStorage.getItem(key)) return false;
  sessionStorage.setItem(key, '1');
  return true;
}
