// Steps of funnels and starts of journeys, as an address has them.

/** One page or one event; what a question may have is more. */
export type Target = { page: string } | { event: string };

function readTarget(value: unknown): Target | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const [[kind, name] = [], ...more] = Object.entries(value);
  if (more.length > 0 || typeof name !== 'string' || name === '') return undefined;
  return kind === 'page' ? { page: name } : kind === 'event' ? { event: name } : undefined;
}

/** Targets out of an address; what is none is left out. */
export function readTargets(text: string | undefined): Target[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.map(readTarget).filter((target) => target !== undefined) : [];
  } catch {
    return [];
  }
}

export const targetName = (target: Target) => ('page' in target ? target.page : target.event);

/** The steps to an order, as far as the site has them. */
export function shopSteps(events: readonly string[]): Target[] {
  return ['product_view', 'cart_add', 'checkout', 'order'].filter((event) => events.includes(event)).map((event) => ({ event }));
}
