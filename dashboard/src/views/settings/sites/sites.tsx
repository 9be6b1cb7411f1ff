// The collector's sites, and making one more.

import type { Site } from '../../../../../edge-collector/api.d.ts';
import { readSites } from '../../../api/account.ts';
import { useAnswer } from '../../../api/use-answer.tsx';
import { Panel } from '../../../parts/panel.tsx';
import { type RecordColumn, Records } from '../../../parts/records.tsx';
import { saveTable } from '../../../parts/table.tsx';
import { useNavigation } from '../../../state/navigation.tsx';
import { count } from '../../../text/format.ts';
import { say, text as common } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';
import { NewSite } from './new-site.tsx';

const { sites: text, site: ofSite } = words;

const columns: [RecordColumn<Site>, ...RecordColumn<Site>[]] = [
  { title: text.site, value: ({ site_id }) => site_id },
  { title: ofSite.hosts, value: ({ hosts }) => (hosts ?? []).join(' '), show: ({ hosts = [] }) => (hosts.length === 0 ? ofSite.anyHost : hosts.join(', ')) },
  { title: ofSite.zone, value: ({ time_zone }) => time_zone ?? null },
  { title: ofSite.retention, value: ({ retention_days }) => retention_days ?? null, show: ({ retention_days }) => (retention_days === undefined ? ofSite.forGood : `${count(retention_days)} ${ofSite.days}`) },
  { title: ofSite.shards, value: ({ shards }) => shards ?? null, isNumber: true },
  { title: text.origin, value: ({ origin }) => origin, show: ({ origin }) => text.origins[origin] },
];
const [head, ...others] = columns;

export function Sites() {
  const { go } = useNavigation();
  const answered = useAnswer('sites', (client, _, signal) => readSites(client, signal));
  const open = (site: string) => go({ site, view: 'settings', filters: [], options: {} });
  return (
    <div class="stack">
      <Panel
        title={text.title}
        answered={answered}
        isEmpty={(sites) => sites.length === 0}
        emptyTitle={text.none}
        emptyHint={text.noneHint}
        skeleton="rows"
        exports={(rows) => [{ label: common.actions.csv, run: () => saveTable({ caption: text.title, head, columns: others, rows }) }]}
      >
        {(rows) => (
          <Records
            caption={text.title}
            columns={columns}
            rows={rows}
            keyOf={({ site_id }) => site_id}
            actions={{ title: words.common.actions, of: ({ site_id }) => <button type="button" class="button small" aria-label={say(text.openThis, { site: site_id })} onClick={() => open(site_id)}>{common.shell.openSite}</button> }}
          />
        )}
      </Panel>
      <NewSite onMade={open} />
    </div>
  );
}
