// Who changed what, the newest first: of a site, or of the account.

import type { Change } from '../../../../edge-collector/api.d.ts';
import { type Owner, readLog } from '../../api/account.ts';
import { useAnswer } from '../../api/use-answer.tsx';
import { Panel } from '../../parts/panel.tsx';
import { type RecordColumn, Records } from '../../parts/records.tsx';
import { saveTable } from '../../parts/table.tsx';
import { When } from '../../parts/when.tsx';
import { say, text } from '../../text/index.ts';
import { words } from '../../text/settings/index.ts';
import { useZone } from './site-settings.tsx';

const known: Record<string, string> = words.actions;
/** An action that a later collector knows is shown as it calls it. */
const actionName = (action: string) => (Object.hasOwn(known, action) ? known[action] : undefined) ?? action;

export function SiteLog({ site }: { site: string }) {
  return <Log owner={site} title={words.log.title} zone={useZone()} />;
}

export function Log({ owner, title, zone }: { owner: Owner; title: string; zone: string }) {
  const answered = useAnswer({ owner }, (client, asked, signal) => readLog(client, asked.owner, signal));
  const columns: [RecordColumn<Change>, ...RecordColumn<Change>[]] = [
    { title: say(words.common.when, { zone }), value: ({ at_ms }) => new Date(at_ms).toISOString(), show: ({ at_ms }) => <When ms={at_ms} zone={zone} /> },
    { title: words.log.action, value: ({ action }) => action, show: ({ action }) => actionName(action) },
    { title: words.log.what, value: ({ what }) => what },
    { title: words.log.who, value: ({ who }) => who },
  ];
  const [head, ...others] = columns;
  return (
    <Panel title={title} answered={answered} isEmpty={(changes) => changes.length === 0} emptyTitle={words.log.empty} emptyHint={words.log.emptyHint} skeleton="rows" exports={(rows) => [{ label: text.actions.csv, run: () => saveTable({ caption: title, head, columns: others, rows }) }]}>
      {(rows) => <Records caption={title} columns={columns} rows={rows} keyOf={({ at_ms }, at) => `${rows.length - at} ${at_ms}`} />}
    </Panel>
  );
}
