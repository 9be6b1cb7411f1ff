// A list of what is saved of a kind: each with what it is, opened by whoever looks, changed and removed by whoever may.

import type { ComponentChildren } from 'preact';
import { type Entry, type Kind, useSaved } from '../../../api/saved.tsx';
import { useChange } from '../../../api/use-change.ts';
import { Confirm } from '../../../parts/confirm.tsx';
import { Panel } from '../../../parts/panel.tsx';
import { type RecordColumn, Records } from '../../../parts/records.tsx';
import { saveTable } from '../../../parts/table.tsx';
import { say, text as common } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';
import { Refusal } from '../refusal.tsx';

const { saved: text } = words;

type SavedListProps<K extends Kind> = {
  kind: K;
  title: string;
  /** What it is for, and where more are made. */
  lead: string;
  /** A button that makes one, where there is none elsewhere. */
  add?: ComponentChildren;
  columns: readonly [RecordColumn<Entry<K>>, ...RecordColumn<Entry<K>>[]];
  /** What one of them is called. */
  nameOf: (entry: Entry<K>) => string;
  sorted?: (entries: readonly Entry<K>[]) => Entry<K>[];
  /** What can be done with one, beside removing it; `mayChange` where it can be changed here. */
  actions: (entry: Entry<K>, mayChange: boolean) => ComponentChildren;
};

export function SavedList<K extends Kind>({ kind, title, lead, add, columns, nameOf, sorted, actions }: SavedListProps<K>) {
  const saved = useSaved();
  const { isBusy, error, run } = useChange();
  const entries: readonly Entry<K>[] | undefined = saved.value?.[kind];
  const answered = { ...saved, value: entries && (sorted?.(entries) ?? [...entries]) };
  const [head, ...others] = columns;
  const of = (entry: Entry<K>) => {
    const name = nameOf(entry);
    const mayChange = saved.mayChange && entry.origin === 'api';
    return (
      <div class="actions">
        {actions(entry, mayChange)}
        {mayChange && <Confirm label={common.saved.remove} name={say(text.removeThis, { name })} question={say(text.removeAsk, { name })} isBusy={isBusy} onConfirm={() => run((client) => saved.remove(client, kind, entry.name))} />}
        {entry.origin === 'variable' && <span class="soft">{text.ofVariable}</span>}
      </div>
    );
  };
  return (
    <Panel
      title={title}
      tabs={saved.mayChange && add}
      answered={answered}
      isEmpty={() => false}
      skeleton="rows"
      exports={(rows) => (rows.length === 0 ? [] : [{ label: common.actions.csv, run: () => saveTable({ caption: title, head, columns: others, rows }) }])}
    >
      {(rows) => (
        <div class="lines">
          <p class="soft">{lead}</p>
          {rows.length === 0 ? <p>{text.none}</p> : <Records caption={title} columns={columns} rows={rows} keyOf={({ name }) => name} actions={{ title: words.common.actions, of }} />}
          <Refusal error={error} />
        </div>
      )}
    </Panel>
  );
}

/** What something is, in a few lines. */
export function Lines({ lines }: { lines: readonly string[] }) {
  return <>{lines.map((line, at) => <div key={at}>{line}</div>)}</>;
}
