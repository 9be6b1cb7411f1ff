// Who is signed in decides what there is: the form, or the site's views.

import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { client, publicToken } from './api/client.ts';
import { ClientProvider } from './api/use-answer.tsx';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';
import { useNavigation } from './state/navigation.tsx';
import { type Session, isKept, keepSession, readSession, takeShared } from './state/session.ts';
import { text } from './text/index.ts';

/** How long before a public site's token ends the next one is asked for. */
const RENEW_MS = 60_000;

export function App() {
  const { place, go } = useNavigation();
  const [session, setSession] = useState(() => takeShared(place.site) ?? readSession());
  const [notice, setNotice] = useState<string>();

  const end = useCallback((why?: string) => {
    keepSession(undefined);
    setSession(undefined);
    setNotice(why);
  }, []);
  // Who has no key may look at a public site: it gives tokens to anybody, for some minutes each.
  useEffect(() => {
    if (place.site === '' || (session !== undefined && session.untilMs === undefined)) return undefined;
    const asked = new AbortController();
    const renew = async () => {
      const given = await publicToken(place.site, asked.signal);
      if (!asked.signal.aborted) setSession(given && { key: given.token, sites: [place.site], untilMs: given.expires_ms });
    };
    const isOfSite = session?.sites.includes(place.site) === true;
    const timer = setTimeout(renew, isOfSite ? Math.max((session?.untilMs ?? 0) - RENEW_MS - Date.now(), 0) : 0);
    return () => {
      clearTimeout(timer);
      asked.abort();
    };
  }, [session, place.site]);
  // At which address some answer was incomplete: another one may find all.
  const [incompleteAt, setIncompleteAt] = useState<string>();
  const api = useMemo(() => {
    if (session === undefined) return undefined;
    return client(session.key, { onUnauthorized: () => end(text.signIn.ended), onIncomplete: () => setIncompleteAt(location.search) });
  }, [session?.key]);

  function begin(site: string, key: string, keep: boolean) {
    const next: Session = { key, sites: [site] };
    if (keep) keepSession(next);
    setSession(next);
    go({ site }, 'replace');
  }
  function openSite(site: string) {
    if (session === undefined) return;
    const next = { ...session, sites: [...new Set([...session.sites, site])] };
    if (isKept()) keepSession(next);
    setSession(next);
    go({ site, filters: [], options: {} });
  }

  if (session === undefined || api === undefined || place.site === '') {
    return <SignIn site={place.site} notice={notice} onSignedIn={begin} />;
  }
  return (
    <ClientProvider client={api}>
      <Shell isIncomplete={incompleteAt !== undefined && incompleteAt === location.search} sites={session.sites} onOpenSite={openSite} onSignOut={() => end()} />
    </ClientProvider>
  );
}
