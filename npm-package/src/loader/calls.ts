/** What a site can say, and the event that comes of it. What is wrong in it is left out later (sdk-wasm/src/contract.ts). */

/** What happened, in the contract's JSON form: one key, the kind's name. */
export type Kind = Record<string, any>;

const told = (kind: string) => (what: object): Kind => ({ [kind]: what });
const moved = (kind: string) => (product: object, quantity = 1): Kind => ({ [kind]: { product, quantity } });

export const CALLS = {
  track: (name: string, props?: object): Kind => ({ custom: { name, props } }),
  identify: (user?: string, traits?: object): Kind => ({ identify: { user, traits } }),
  reset: (): Kind => ({ identify: {} }),
  viewProduct: told('product_view'),
  addToCart: moved('cart_add'),
  removeFromCart: moved('cart_remove'),
  checkout: told('checkout'),
  order: told('order'),
  refund: told('refund'),
};

export type Calls = { [Name in keyof typeof CALLS]: (...args: Parameters<(typeof CALLS)[Name]>) => void };
