// The frame around every view: where one is, which site and time are looked at, and what they are filtered by.

import { useEffect } from 'preact/hooks';
import { readSites } from './api/account.ts';
import { useCurrentVisitors, useWatched } from './api/live.ts';
import { useSaved } from './api/saved.tsx';
import { useAnswer, useClient } from './api/use-answer.tsx';
import { DateBar } from './parts/date-bar.tsx';
import { FilterBar } from './parts/filter-bar.tsx';
import { Choice, Menu } from './parts/menu.tsx';
import { PlaceLink } from './parts/place-link.tsx';
import { Mark } from './sign-in.tsx';
import { useNavigation } from './state/navigation.tsx';
import { type ViewName, views } from './state/place.ts';
import { isWithin } from './state/reach.ts';
import { count, none } from './text/format.ts';
import { say, text } from './text/index.ts';
import { View } from './views/index.tsx';
import { echoedDates, totalsQuestion } from './views/overview/figures.ts';

type ShellProps = { isIncomplete: boolean; sites: readonly string[]; onSignOut: () => void };

export function Shell({ isIncomplete, sites, onSignOut }: ShellProps) {
  const { place } = useNavigation();
  const { reach } = useClient();
  const { segments } = useSaved();
  const isOfDates = place.view !== 'live' && place.view !== 'settings';
  // Every view of a time needs its dates, as the site's clocks have them; the overview the numbers, too.
  const totals = useAnswer(isOfDates ? totalsQuestion(place, segments) : undefined, (client, question, signal) => client.query(question, signal));
  const shown = totals.value === undefined || totals.isStale ? undefined : echoedDates(totals.value);
  useEffect(() => {
    document.title = [text.shell[place.view], place.site, text.product].filter((part) => part !== '').join(' · ');
  }, [place.view, place.site]);
  return (
    <>
      <a class="skip" href="#main">{text.shell.skip}</a>
      <header class="top">
        <div class="top-row">
          <SiteMenu sites={sites} />
          <nav class="views" aria-label={text.shell.views}>
            {views.filter((view) => (view === 'settings' ? isWithin('read', reach) : place.site !== '')).map((view) => <ViewLink key={view} view={view} />)}
          </nav>
          {place.site === '' ? <span class="now" /> : <Now />}
          <button type="button" class="button quiet" onClick={onSignOut}>{text.shell.signOut}</button>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <h1 class="hidden">{text.shell[place.view]}</h1>
        {place.view !== 'settings' && (
          <div class="bar">
            <FilterBar />
            {isOfDates && <DateBar shown={shown} canCompare={place.view !== 'behaviour'} />}
          </div>
        )}
        {isIncomplete && <p class="remark" role="status">{text.states.incomplete}</p>}
        <View totals={totals} />
      </main>
    </>
  );
}

function ViewLink({ view }: { view: ViewName }) {
  const { place } = useNavigation();
  return <PlaceLink to={{ ...place, view, options: {} }} isCurrent={place.view === view}>{text.shell[view]}</PlaceLink>;
}

/** The live view has a socket, whose number this is then, too. */
function Now() {
  const { place } = useNavigation();
  return place.view === 'live' ? <Watched site={place.site} /> : <Counted site={place.site} />;
}

function Watched({ site }: { site: string }) {
  const { scene, isConnected } = useWatched(site);
  return <NowShown visitors={scene?.visitors} isConnected={isConnected} />;
}

function Counted({ site }: { site: string }) {
  const { value, isConnected } = useCurrentVisitors(site);
  return <NowShown visitors={value} isConnected={isConnected} />;
}

function NowShown({ visitors, isConnected }: { visitors: number | undefined; isConnected: boolean }) {
  return (
    <span class={`now ${isConnected ? '' : 'now-lost'}`} title={text.shell.nowTitle}>
      <i aria-hidden="true" />{say(text.shell.now, { count: visitors === undefined ? none : count(visitors) })}
    </span>
  );
}

function SiteMenu({ sites }: { sites: readonly string[] }) {
  const { place } = useNavigation();
  const { reach } = useClient();
  const name = place.site === '' ? text.product : place.site;
  return (
    <Menu label={<><Mark /><strong>{name}</strong></>} name={say(text.shell.site, { site: name })} class="site">
      {(close) => (reach === 'admin' ? <AllSites opened={sites} close={close} /> : <SiteChoices sites={sites} close={close} />)}
    </Menu>
  );
}

function useOpenSite(close: () => void): (site: string) => void {
  const { go } = useNavigation();
  return (site) => {
    go({ site, filters: [], options: {} });
    close();
  };
}

function SiteChoices({ sites, close }: { sites: readonly string[]; close: () => void }) {
  const { place } = useNavigation();
  const open = useOpenSite(close);
  return <>{sites.map((site) => <Choice key={site} isChosen={site === place.site} onChoose={() => open(site)}>{site}</Choice>)}</>;
}

/** Who owns the account is offered all there are; until these are known, those that were opened. */
function AllSites({ opened, close }: { opened: readonly string[]; close: () => void }) {
  const { go } = useNavigation();
  const { value } = useAnswer('sites', (client, _, signal) => readSites(client, signal));
  const manage = () => {
    go({ view: 'settings', filters: [], options: { show: 'sites' } });
    close();
  };
  return (
    <>
      <div class="site-choices"><SiteChoices sites={value?.map(({ site_id }) => site_id) ?? opened} close={close} /></div>
      <div class="ruled"><button type="button" class="choice" onClick={manage}>{text.shell.sites}</button></div>
    </>
  );
}
