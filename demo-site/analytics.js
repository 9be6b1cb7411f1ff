// All that the shop tells the tracker. Calls made before the tracker has loaded wait in the queue; without a tracker they are lost quietly.
window.passerby = window.passerby || function () {
  (window.passerby.q = window.passerby.q || []).push(arguments);
};

/** A product as the tracker takes it. */
const sold = ({ id, name, category, price }) => ({ id, name, category, price });

export function productViewed(product) {
  window.passerby('viewProduct', sold(product));
}

export function addedToCart(product, quantity) {
  window.passerby('addToCart', sold(product), quantity);
}

export function removedFromCart(product, quantity) {
  window.passerby('removeFromCart', sold(product), quantity);
}

export function checkoutStepReached(step, name) {
  window.passerby('checkout', { step, name });
}

export function ordered(order) {
  const items = order.items.map(({ id, name, size, price, quantity }) => ({ product: { id, name, price, variant: size ?? '' }, quantity }));
  window.passerby('order', { id: order.id, total: order.total, items });
}

/** `place` is where on the page the form stands. The address that was typed is not sent. */
export function newsletterSignedUp(place) {
  window.passerby('track', 'Newsletter signup', { place });
}
