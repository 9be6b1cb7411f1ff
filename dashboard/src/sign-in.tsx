// Signing in: a site and a key, tried before anything else is shown.

import { useState } from 'preact/hooks';
import { readSites } from './api/account.ts';
import { Refusal, client } from './api/client.ts';
import { text } from './text/index.ts';

type SignInProps = {
  site: string;
  /** Why it is asked for again. */
  notice?: string | undefined;
  onSignedIn: (site: string, key: string, keep: boolean) => void;
};

export function SignIn({ site: initial, notice, onSignedIn }: SignInProps) {
  const [site, setSite] = useState(initial);
  const [key, setKey] = useState('');
  const [keep, setKeep] = useState(true);
  const [isChecking, setChecking] = useState(false);
  const [problem, setProblem] = useState(notice);

  async function onSubmit(event: Event) {
    event.preventDefault();
    setChecking(true);
    try {
      const { signal } = new AbortController();
      const api = client(key, site, { onUnauthorized: () => {}, onIncomplete: () => {} });
      // Who owns the account need name none.
      await (site === '' ? readSites(api, signal) : api.currentVisitors(site, signal));
      onSignedIn(site, key, keep);
    } catch (error) {
      setProblem(inWords(error, site));
      setChecking(false);
    }
  }
  return (
    <main class="sign-in">
      <form class="panel form" onSubmit={onSubmit}>
        <h1><Mark /> {text.product}</h1>
        <p class="soft">{text.signIn.lead}</p>
        <label>{text.signIn.site}
          <input name="site" value={site} autocomplete="off" spellcheck={false} aria-describedby="site-hint" onInput={(event) => setSite(event.currentTarget.value.trim())} />
        </label>
        <small id="site-hint" class="soft">{text.signIn.siteHint}</small>
        <label>{text.signIn.key}
          <input name="key" type="password" value={key} required autocomplete="current-password" onInput={(event) => setKey(event.currentTarget.value.trim())} />
        </label>
        <label class="check"><input type="checkbox" checked={keep} onChange={(event) => setKeep(event.currentTarget.checked)} /> {text.signIn.keep}</label>
        {problem !== undefined && <p class="problem" role="alert">{problem}</p>}
        <button type="submit" class="button primary" disabled={isChecking}>{isChecking ? text.signIn.checking : text.signIn.submit}</button>
      </form>
    </main>
  );
}

function inWords(error: unknown, site: string): string {
  if (!(error instanceof Refusal)) return text.states.offline;
  if (error.status === 401 || error.status === 403) return site === '' ? text.signIn.needsSite : text.signIn.wrongKey;
  return error.status === 404 ? text.signIn.unknownSite : error.message;
}

export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M8 22.5l5.2-7.4 4.3 4.3L24 10" />
      <circle cx="24" cy="10" r="2.6" />
    </svg>
  );
}
