// Events that were refused, as they came, and why.

import { useState } from 'preact/hooks';
import type { Reject, RejectsAnswer } from '../../../../../edge-collector/api.d.ts';
import { readRejects } from '../../../api/account.ts';
import { useAnswer } from '../../../api/use-answer.tsx';
import { Panel } from '../../../parts/panel.tsx';
import { type RecordColumn, Records } from '../../../parts/records.tsx';
import { saveTable } from '../../../parts/table.tsx';
import { When } from '../../../parts/when.tsx';
import { count } from '../../../text/format.ts';
import { say, text as common } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';
import { useZone } from '../site-settings.tsx';

const { rejects: text } = words;
/** As many as can be looked over at once. */
const few = 20;

export function Rejects({ site }: { site: string }) {
  const zone = useZone();
  const [isAll, setAll] = useState(false);
  const answered = useAnswer(site, (client, asked, signal) => readRejects(client, asked, signal));
  const columns: [RecordColumn<Reject>, ...RecordColumn<Reject>[]] = [
    { title: say(words.common.when, { zone }), value: ({ at_ms }) => new Date(at_ms).toISOString(), show: ({ at_ms }) => <When ms={at_ms} zone={zone} /> },
    { title: text.why, value: ({ reason }) => reason, show: ({ reason }) => <>{words.reasons[reason]} <code class="soft">{reason}</code></> },
    { title: text.event, value: ({ event }) => event, show: ({ event }) => <code>{event}</code> },
  ];
  const [head, ...others] = columns;
  return (
    <Panel
      title={text.title}
      answered={answered}
      isEmpty={({ results }: RejectsAnswer) => results.length === 0}
      emptyTitle={text.none}
      emptyHint={text.noneHint}
      skeleton="rows"
      exports={({ results }) => [{ label: common.actions.csv, run: () => saveTable({ caption: text.title, head, columns: others, rows: results }) }]}
    >
      {({ results }) => (
        <>
          <Records caption={text.title} columns={columns} rows={isAll ? results : results.slice(0, few)} keyOf={({ at_ms }, at) => `${results.length - at} ${at_ms}`} />
          {!isAll && results.length > few && (
            <button type="button" class="more" onClick={() => setAll(true)}>{common.actions.more} <span>{say(common.actions.of, { shown: count(few), total: count(results.length) })}</span></button>
          )}
        </>
      )}
    </Panel>
  );
}
