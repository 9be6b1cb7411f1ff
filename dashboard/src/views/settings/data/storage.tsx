// How large a site's shards are, and what its batches cost to write.

import type { StorageAnswer } from '../../../../../edge-collector/api.d.ts';
import { readStorage } from '../../../api/account.ts';
import { useAnswer } from '../../../api/use-answer.tsx';
import { Panel } from '../../../parts/panel.tsx';
import { type RecordColumn, Records } from '../../../parts/records.tsx';
import { saveTable } from '../../../parts/table.tsx';
import { When } from '../../../parts/when.tsx';
import { bytes, count, decimal } from '../../../text/format.ts';
import { say, text as common } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';
import { useZone } from '../site-settings.tsx';

const { storage: text } = words;
type Shard = StorageAnswer['results'][number];

export function Storage({ site }: { site: string }) {
  const zone = useZone();
  const answered = useAnswer(site, (client, asked, signal) => readStorage(client, asked, signal));
  const columns: [RecordColumn<Shard>, ...RecordColumn<Shard>[]] = [
    { title: text.shard, value: ({ shard }) => shard, show: ({ shard }) => count(shard) },
    { title: text.size, value: (shard) => shard.bytes, show: (shard) => bytes(shard.bytes), isNumber: true },
    { title: text.batches, value: ({ batches }) => batches, show: ({ batches }) => count(batches), isNumber: true },
    { title: text.rows, value: ({ rows_written }) => rows_written, show: ({ rows_written }) => count(rows_written), isNumber: true },
    { title: text.since, value: ({ since_ms }) => new Date(since_ms).toISOString(), show: ({ since_ms }) => <When ms={since_ms} zone={zone} /> },
  ];
  const [head, ...others] = columns;
  const sum = (rows: readonly Shard[], of: (shard: Shard) => number) => rows.reduce((sum, shard) => sum + of(shard), 0);
  return (
    <Panel title={text.title} answered={answered} isEmpty={({ results }) => results.length === 0} skeleton="rows" exports={({ results }) => [{ label: common.actions.csv, run: () => saveTable({ caption: text.title, head, columns: others, rows: results }) }]}>
      {({ results }) => {
        const batches = sum(results, (shard) => shard.batches);
        const each = batches === 0 ? undefined : sum(results, (shard) => shard.rows_written) / batches;
        return (
          <div class="lines">
            <p>{say(text.all, { size: bytes(sum(results, (shard) => shard.bytes)) })}{each !== undefined && ` ${say(text.each, { rows: decimal(each) })}`}</p>
            <p class="soft">{text.hint}</p>
            <Records caption={text.title} columns={columns} rows={results} keyOf={({ shard }) => String(shard)} />
          </div>
        );
      }}
    </Panel>
  );
}
