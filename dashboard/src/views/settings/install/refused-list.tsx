// Why events were refused, and where that is by the site's own word, the press that changes it.

import { changeSite } from '../../../api/account.ts';
import { useChange } from '../../../api/use-change.ts';
import { ago, count } from '../../../text/format.ts';
import { say } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';
import { Refusal } from '../refusal.tsx';
import { useSiteSettings } from '../site-settings.tsx';
import { type Refused, countsHost, withHost } from './refusals.ts';

const text = words.refused;

/** `isAll`: nothing but refused events has come. */
export function RefusedList({ refused, isAll }: { refused: readonly Refused[]; isAll: boolean }) {
  const isFixed = useSiteSettings().value?.origin === 'variable';
  return (
    <section class={`refused ${isAll ? 'refused-all' : ''}`} aria-label={isAll ? text.title : text.some}>
      <h3>{isAll ? text.title : text.some}</h3>
      <ul>
        {refused.map((one) => (
          <li key={one.reason}>
            <p>{words.reasons[one.reason]}</p>
            <p class="soft">{one.hosts.length > 0 && `${say(text.ofHost, { host: one.hosts.join(', ') })} `}{say(text.count, { count: count(one.count), ago: ago(one.lastMs) })}</p>
            {(one.reason === 'host_not_allowed' || one.reason === 'local_host') && (isFixed ? <p class="soft">{words.site.ofVariable}</p> : one.hosts.map((host) => <CountHost key={host} host={host} />))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function CountHost({ host }: { host: string }) {
  const { value, put, canChange } = useSiteSettings();
  const { isBusy, error, run } = useChange();
  const hosts = value?.hosts ?? [];
  if (value === undefined || !canChange || countsHost(hosts, host)) return null;
  const next = withHost(hosts, host);
  return (
    <>
      <button type="button" class="button small" disabled={isBusy} onClick={() => run(async (client) => put(await changeSite(client, value.site_id, { hosts: next })))}>
        {say(next.includes(host) ? text.allow : text.allowAll, { host })}
      </button>
      <Refusal error={error} />
    </>
  );
}
