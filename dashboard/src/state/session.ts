// Who is signed in: the key, in memory, and by choice in this tab's sessionStorage, which ends with the tab. It never stands
// in an address.

export type Session = {
  key: string;
  sites: readonly string[];
  /** Until when the key counts, where it is a token that a public site gave: milliseconds since 1970. */
  untilMs?: number;
};

const name = 'passerby.session';

export function readSession(): Session | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(name) ?? 'null');
    if (typeof value !== 'object' || value === null || !('key' in value) || !('sites' in value)) return undefined;
    const { key, sites } = value;
    if (typeof key !== 'string' || !Array.isArray(sites)) return undefined;
    return { key, sites: sites.filter((site) => typeof site === 'string') };
  } catch {
    // Storage that is switched off, or something else's under this name.
    return undefined;
  }
}

/**
 * The session of a share link, `?site=…#key=…`, kept for reloads of this tab. The key is taken out of the address, so that who
 * copies that shares the view and not the key.
 */
export function takeShared(site: string): Session | undefined {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (key === null || key === '' || site === '') return undefined;
  history.replaceState(history.state, '', `${location.pathname}${location.search}`);
  const session = { key, sites: [site] };
  keepSession(session);
  return session;
}

/** Keeps the session for reloads of this tab, or with `undefined` forgets it. */
export function keepSession(session: Session | undefined): void {
  try {
    if (session === undefined) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, JSON.stringify(session));
  } catch {
    // Without storage the session lasts until the page is reloaded.
  }
}

/** Whether this tab keeps its session. */
export function isKept(): boolean {
  return readSession() !== undefined;
}
