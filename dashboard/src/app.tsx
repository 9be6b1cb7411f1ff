// Who is signed in decides what there is: the form, or the site's views.

import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { readSites } from './api/account.ts';
import { client } from './api/client.ts';
import { publicToken, spareMs } from './api/token.ts';
import { SavedProvider } from './api/saved.tsx';
import { ClientProvider, useAnswer } from './api/use-answer.tsx';
import { Failure, Skeleton } from './parts/states.tsx';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';
import { useNavigation } from './state/navigation.tsx';
import { type Session, isKept, keepSession, readSession, takeShared } from './state/session.ts';
import { text } from './text/index.ts';

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
      if (!asked.signal.aborted) setSession(given && { key: given.token, sites: [place.site], untilMs: Date.now() + given.expires_in_ms });
    };
    const isOfSite = session?.sites.includes(place.site) === true;
    const timer = setTimeout(renew, isOfSite ? Math.max((session?.untilMs ?? 0) - spareMs - Date.now(), 0) : 0);
    return () => {
      clearTimeout(timer);
      asked.abort();
    };
  }, [session, place.site]);
  // At which address some answer was incomplete: another one may find all.
  const [incompleteAt, setIncompleteAt] = useState<string>();
  const api = useMemo(() => {
    if (session === undefined) return undefined;
    return client(session.key, place.site, { onUnauthorized: () => end(text.signIn.ended), onIncomplete: () => setIncompleteAt(location.search) });
  }, [session?.key, place.site]);

  function begin(site: string, key: string, keep: boolean) {
    const next: Session = { key, sites: site === '' ? [] : [site] };
    if (keep) keepSession(next);
    setSession(next);
    go({ site }, 'replace');
  }
  // Sites that were opened, by whichever way, are offered again. A public site's token is for that one alone.
  useEffect(() => {
    if (session === undefined || session.untilMs !== undefined || place.site === '' || session.sites.includes(place.site)) return;
    const next = { ...session, sites: [...session.sites, place.site] };
    if (isKept()) keepSession(next);
    setSession(next);
  }, [session, place.site]);

  if (session === undefined || api === undefined || (place.site === '' && api.reach !== 'admin')) {
    return <SignIn site={place.site} notice={notice} onSignedIn={begin} />;
  }
  return (
    <ClientProvider client={api}>
      {place.site === '' && place.view !== 'settings' ? <FirstSite /> : (
        <SavedProvider key={place.site} site={place.site}>
          <Shell isIncomplete={incompleteAt !== undefined && incompleteAt === location.search} sites={session.sites} onSignOut={() => end()} />
        </SavedProvider>
      )}
    </ClientProvider>
  );
}

/** Who owns the account and names no site sees the first of them, or where there is none yet, where one is made. */
function FirstSite() {
  const { go } = useNavigation();
  const { value, error, retry } = useAnswer('sites', (client, _, signal) => readSites(client, signal));
  useEffect(() => {
    const [first] = value ?? [];
    if (value !== undefined) go(first === undefined ? { view: 'settings' } : { site: first.site_id }, 'replace');
  }, [value]);
  return <main class="sign-in">{error === undefined ? <Skeleton kind="rows" /> : <Failure error={error} site="" onRetry={retry} />}</main>;
}
