// All that the shop tells the tracker. Calls made before the tracker has loaded wait in the queue; without a tracker they are lost quietly.
window.passerby = window.passerby || function () {
  (window.passerby.q = window.passerby.q || []).push(arguments);
};

function track(name, properties) {
  window.passerby('track', name, properties);
}

export function productViewed(product) {
  track('Product view', { product: product.sku, price: product.price });
}

export function addedToCart(product, quantity) {
  track('Add to cart', { product: product.sku, price: product.price, quantity });
}

export function removedFromCart(product, quantity) {
  track('Remove from cart', { product: product.sku, price: product.price, quantity });
}

export function checkoutStepReached(step, name) {
  track('Checkout step', { step, name });
}

export function ordered(order) {
  track('Order', { order: order.id, total: order.total, items: order.items.length });
}

/** `place` is where on the page the form stands. The address that was typed is not sent. */
export function newsletterSignedUp(place) {
  track('Newsletter signup', { place });
}
