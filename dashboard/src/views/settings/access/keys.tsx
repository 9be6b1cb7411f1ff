// Keys of some kinds: made and shown once, listed without themselves, revoked.

import { useState } from 'preact/hooks';
import type { Key, MadeKey } from '../../../../../edge-collector/api.d.ts';
import { type Owner, readKeys, revokeKey } from '../../../api/account.ts';
import { useAnswer } from '../../../api/use-answer.tsx';
import { useChange } from '../../../api/use-change.ts';
import { Confirm } from '../../../parts/confirm.tsx';
import { Panel } from '../../../parts/panel.tsx';
import { type RecordColumn, Records } from '../../../parts/records.tsx';
import { saveTable } from '../../../parts/table.tsx';
import { When } from '../../../parts/when.tsx';
import { ago, instant } from '../../../text/format.ts';
import { say, text as common } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';
import { Refusal } from '../refusal.tsx';
import { MadeKeyShown } from './made-key.tsx';
import { NewKeyForm } from './new-key.tsx';

const { keys: text } = words;

export type KeysProps = {
  title: string;
  lead: string;
  empty: string;
  owner: Owner;
  kinds: readonly [Key['kind'], ...Key['kind'][]];
  /** By whose clocks times are shown. */
  zone: string;
};

export function Keys({ title, lead, empty, owner, kinds, zone }: KeysProps) {
  const answered = useAnswer({ owner }, (client, asked, signal) => readKeys(client, asked.owner, signal));
  const { isBusy, error, run } = useChange();
  const [made, setMade] = useState<MadeKey>();
  const ofKinds = { ...answered, value: answered.value?.filter(({ kind }) => kinds.includes(kind)) };
  const time = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  const columns: [RecordColumn<Key>, ...RecordColumn<Key>[]] = [
    { title: words.common.name, value: ({ name }) => name, show: ({ name, id }) => <>{name}<small><code>{id}</code></small></> },
    ...(kinds.length > 1 ? [{ title: text.kind, value: ({ kind }: Key) => kind, show: ({ kind }: Key) => text.kinds[kind] }] : []),
    { title: text.used, value: ({ used_ms }) => time(used_ms), show: ({ used_ms }) => (used_ms === null ? words.common.never : <span title={instant(used_ms, zone)}>{ago(used_ms)}</span>) },
    { title: text.made, value: ({ made_ms }) => time(made_ms), show: ({ made_ms }) => <When ms={made_ms} zone={zone} /> },
    { title: text.expires, value: ({ expires_ms }) => time(expires_ms), show: ({ expires_ms }) => <Expiry at={expires_ms} zone={zone} /> },
  ];
  const [head, ...others] = columns;
  const saved = [...others, { title: text.id, value: ({ id }: Key) => id }];
  const revoke = ({ id }: Key) => run(async (client) => {
    await revokeKey(client, owner, id);
    setMade((shown) => (shown?.id === id ? undefined : shown));
    answered.retry();
  });
  return (
    <Panel
      title={title}
      answered={ofKinds}
      isEmpty={() => false}
      skeleton="rows"
      exports={(rows) => (rows.length === 0 ? [] : [{ label: common.actions.csv, run: () => saveTable({ caption: title, head, columns: saved, rows }) }])}
    >
      {(rows) => (
        <div class="lines">
          <p class="soft">{lead}</p>
          {made !== undefined && <MadeKeyShown made={made} onDone={() => setMade(undefined)} />}
          {rows.length === 0 ? <p>{empty}</p> : (
            <Records
              caption={title}
              columns={columns}
              rows={rows}
              keyOf={({ id }) => id}
              actions={{ title: words.common.actions, of: (key) => <Confirm label={text.revoke} name={say(text.revokeThis, { name: key.name })} question={say(text.revokeAsk, { name: key.name })} isBusy={isBusy} onConfirm={() => revoke(key)} /> }}
            />
          )}
          <Refusal error={error} />
          <NewKeyForm owner={owner} kinds={kinds} onMade={(key) => { setMade(key); answered.retry(); }} />
        </div>
      )}
    </Panel>
  );
}

function Expiry({ at, zone }: { at: number | null; zone: string }) {
  if (at === null) return <>{words.common.never}</>;
  return at <= Date.now() ? <span class="bad">{text.expired}</span> : <When ms={at} zone={zone} />;
}
