// Who is signed in decides what there is: the form, or the site's views.

import { useCallback, useMemo, useState } from 'preact/hooks';
import { client } from './api/client.ts';
import { ClientProvider } from './api/use-answer.tsx';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';
import { useNavigation } from './state/navigation.tsx';
import { type Session, isKept, keepSession, readSession } from './state/session.ts';
import { text } from './text/index.ts';

export function App() {
  const { place, go } = useNavigation();
  const [session, setSession] = useState(readSession);
  const [notice, setNotice] = useState<string>();

  const end = useCallback((why?: string) => {
    keepSession(undefined);
    setSession(undefined);
    setNotice(why);
  }, []);
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
