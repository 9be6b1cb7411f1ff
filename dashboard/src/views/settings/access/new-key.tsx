// Making a key: what it is called, what it is for, and until when it counts.

import { useState } from 'preact/hooks';
import type { Key, MadeKey, NewKey, NewSiteKey } from '../../../../../edge-collector/api.d.ts';
import { type Owner, makeKey } from '../../../api/account.ts';
import { useChange } from '../../../api/use-change.ts';
import { words } from '../../../text/settings/index.ts';
import { Refusal } from '../refusal.tsx';

const { keys: text } = words;
const dayMs = 86_400_000;
const lasting: readonly (readonly [days: number, title: string])[] = [[0, text.forGood], [30, text.month], [90, text.quarter], [365, text.year]];

export function NewKeyForm({ owner, kinds, onMade }: { owner: Owner; kinds: readonly [Key['kind'], ...Key['kind'][]]; onMade: (made: MadeKey) => void }) {
  const { isBusy, error, run } = useChange();
  const [name, setName] = useState('');
  const [kind, setKind] = useState(kinds[0]);
  const [days, setDays] = useState(0);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    const key: NewKey = { name: name.trim(), ...(days === 0 ? {} : { expires_ms: Date.now() + days * dayMs }) };
    run(async (client) => {
      onMade(await makeKey(client, owner, owner === undefined ? key : ({ ...key, kind } as NewSiteKey)));
      setName('');
    });
  };
  return (
    <form class="form inline-form" onSubmit={onSubmit}>
      <label>{text.nameOf}<input value={name} required maxLength={100} autocomplete="off" onInput={(event) => setName(event.currentTarget.value)} /></label>
      {kinds.length > 1 && (
        <label>{text.kind}
          <select value={kind} onChange={(event) => setKind(event.currentTarget.value as Key['kind'])}>
            {kinds.map((kind) => <option key={kind} value={kind}>{text.kinds[kind]}</option>)}
          </select>
        </label>
      )}
      <label>{text.lasts}
        <select value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>
          {lasting.map(([days, title]) => <option key={days} value={days}>{title}</option>)}
        </select>
      </label>
      <button type="submit" class="button primary" disabled={isBusy || name.trim() === ''}>{kinds[0] === 'share' ? text.makeLink : text.makeKey}</button>
      <Refusal error={error} />
    </form>
  );
}
