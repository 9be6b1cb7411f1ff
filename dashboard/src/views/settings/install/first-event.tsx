// Whether events come, seen as they do, and if not, what holds them up.

import type { RecentEvent } from '../../../../../edge-collector/api.d.ts';
import { readRejects, readUnknownSites } from '../../../api/account.ts';
import { useLive, useWatched } from '../../../api/live.ts';
import { useAnswer, useClient } from '../../../api/use-answer.tsx';
import { Failure, Skeleton } from '../../../parts/states.tsx';
import { useNavigation } from '../../../state/navigation.tsx';
import { ago, count, valueName } from '../../../text/format.ts';
import { say } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';
import { RefusedList } from './refused-list.tsx';
import { byReason } from './refusals.ts';

const { check } = words;

/** What trackers measure meanwhile is nothing that somebody did. */
const measured = new Set(['engagement', 'vital', 'resize']);
const newest = (events: readonly RecentEvent[]) => events.find(({ kind }) => !measured.has(kind)) ?? events[0];

export function FirstEvent({ site }: { site: string }) {
  const { scene, isConnected } = useWatched(site);
  // As far back as refused events are kept, and no more days than can be asked about at once.
  const before = useAnswer({ site_id: site, date_range: '7d' as const, limit: 20 }, (client, asked, signal) => client.report('events', asked, signal));
  const { value: rejects } = useLive(site, (client, signal) => readRejects(client, site, signal));
  const last = newest(scene?.events ?? []) ?? newest(before.value ?? []);
  const refused = byReason(rejects?.results ?? []);
  return (
    <section class="panel flow" aria-label={check.title}>
      <header class="panel-head"><h2>{check.title}</h2></header>
      <div class="panel-body lines">
        <p class="hidden" role="status">{last !== undefined ? check.seen : before.value === undefined ? '' : check.waiting}</p>
        {last !== undefined ? <Seen event={last} />
          : before.error !== undefined ? <Failure error={before.error} site={site} onRetry={before.retry} />
          : before.value === undefined ? <Skeleton kind="rows" />
          : <Waiting />}
        {!isConnected && <p class="remark" role="status">{check.connection}</p>}
        {refused.length > 0 && <RefusedList refused={refused} isAll={last === undefined} />}
        {last === undefined && before.value !== undefined && <Help site={site} />}
      </div>
    </section>
  );
}

function Seen({ event }: { event: RecentEvent }) {
  const { place, go } = useNavigation();
  return (
    <div class="check check-seen">
      <i aria-hidden="true" />
      <div>
        <p class="check-title">{check.seen}</p>
        <p class="soft">{say(check.last, { event: valueName('event:name', event.name), page: event.page, ago: ago(event.at_ms) })}</p>
        <button type="button" class="button small" onClick={() => go({ ...place, view: 'live', options: {} })}>{check.live}</button>
      </div>
    </div>
  );
}

function Waiting() {
  return (
    <div class="check check-waiting">
      <i aria-hidden="true" />
      <div>
        <p class="check-title">{check.waiting}</p>
        <p class="soft">{check.waitingHint}</p>
      </div>
    </div>
  );
}

function Help({ site }: { site: string }) {
  const { reach } = useClient();
  // They belong to no site: the account's owner alone may know.
  const unknown = useLive(reach, reach === 'admin' ? readUnknownSites : undefined);
  return (
    <div class="help">
      <h3>{check.help}</h3>
      <ul>
        <li>{check.helpTag}</li>
        {unknown.value !== undefined && unknown.value > 0 && <li>{say(check.helpName, { site, count: count(unknown.value) })}</li>}
        <li>{check.helpBlocker}</li>
        <li>{check.helpSignals}</li>
      </ul>
    </div>
  );
}
