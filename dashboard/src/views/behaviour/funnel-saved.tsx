// Funnels by name: picked by whoever looks, saved by whoever may.

import { useId, useState } from 'preact/hooks';
import type { SavedFunnel } from '../../../../edge-collector/api.d.ts';
import { maxNameLength, useSaved } from '../../api/saved.tsx';
import { useChange } from '../../api/use-change.ts';
import { Refused } from '../../parts/saved/refused.tsx';
import { isSame } from '../../state/steps.ts';
import { text } from '../../text/index.ts';

const words = text.saved;

/** `funnel` is what is shown: its name stands there while it is one of the saved. */
export function FunnelChoice({ funnel, onChoose }: { funnel: SavedFunnel; onChoose: (funnel: SavedFunnel) => void }) {
  const funnels = useSaved().value?.funnels ?? [];
  if (funnels.length === 0) return null;
  const shown = funnels.find(({ value }) => isSame(value, funnel))?.name ?? '';
  const onChange = (name: string) => {
    const chosen = funnels.find((one) => one.name === name);
    if (chosen !== undefined) onChoose(chosen.value);
  };
  return (
    <select class="select" aria-label={words.savedFunnels} value={shown} onChange={(event) => onChange(event.currentTarget.value)}>
      {shown === '' && <option value="">{words.savedFunnels}</option>}
      {funnels.map(({ name }) => <option key={name} value={name}>{name}</option>)}
    </select>
  );
}

export function SaveFunnel({ funnel, isWhole, onSaved }: { funnel: SavedFunnel; isWhole: boolean; onSaved: () => void }) {
  const id = useId();
  const { value, mayChange, put } = useSaved();
  const { isBusy, error, run } = useChange();
  const funnels = value?.funnels ?? [];
  const [name, setName] = useState(() => funnels.find(({ value }) => isSame(value, funnel))?.name ?? '');
  if (!mayChange) return null;
  const onSubmit = (event: Event) => {
    event.preventDefault();
    run(async (client) => {
      await put(client, 'funnels', name.trim(), funnel);
      onSaved();
    });
  };
  return (
    <form class="save-as" aria-label={words.saveFunnel} onSubmit={onSubmit}>
      <label>{words.funnelName}<input class="select" value={name} list={id} required pattern=".*\S.*" maxLength={maxNameLength} autocomplete="off" onInput={(event) => setName(event.currentTarget.value)} /></label>
      <datalist id={id}>{funnels.map(({ name }) => <option key={name} value={name} />)}</datalist>
      <button type="submit" class="button" disabled={isBusy || !isWhole}>{funnels.some((one) => one.name === name.trim()) ? words.replace : words.save}</button>
      <Refused error={error} />
    </form>
  );
}
