// Segments in the filter bar: picked by whoever looks, made of the filters that are on by whoever may.

import { useState } from 'preact/hooks';
import { maxNameLength, useSaved } from '../../api/saved.tsx';
import { useChange } from '../../api/use-change.ts';
import { type Condition, segment } from '../../state/filters.ts';
import { useNavigation } from '../../state/navigation.tsx';
import { asSegment, segmentsOf } from '../../state/segments.ts';
import { text } from '../../text/index.ts';
import { Choice, Menu } from '../menu.tsx';
import { Refused } from './refused.tsx';

const words = text.saved;

export function SegmentMenu() {
  const { place, go } = useNavigation();
  const { segments = [], mayChange } = useSaved();
  const canSave = mayChange && place.filters.some(([, dimension]) => dimension !== segment);
  if (segments.length === 0 && !canSave) return null;
  return (
    <Menu label={words.segments} class="button quiet">
      {(close) => (
        <>
          <SegmentChoices conditions={place.filters} onChange={(filters) => { go({ filters }); close(); }} />
          {canSave && <SaveSegment onDone={close} />}
        </>
      )}
    </Menu>
  );
}

/** A press on the one that is on takes it away. */
export function SegmentChoices({ conditions, onChange }: { conditions: readonly Condition[]; onChange: (conditions: readonly Condition[]) => void }) {
  const { segments = [] } = useSaved();
  const chosen = segmentsOf(conditions);
  const choose = (name: string) => {
    const others = conditions.filter(([, dimension]) => dimension !== segment);
    onChange(chosen.includes(name) ? others : [...others, ['is', segment, [name]]]);
  };
  return <>{segments.map(({ name }) => <Choice key={name} isChosen={chosen.includes(name)} onChoose={() => choose(name)}>{name}</Choice>)}</>;
}

/** What is on stays as it is: other isolates of the collector know the new segment some seconds later. */
function SaveSegment({ onDone }: { onDone: () => void }) {
  const { place } = useNavigation();
  const { segments = [], put } = useSaved();
  const { isBusy, error, run } = useChange();
  const [name, setName] = useState('');
  const onSubmit = (event: Event) => {
    event.preventDefault();
    run(async (client) => {
      await put(client, 'segments', name.trim(), asSegment(place.filters, segments));
      onDone();
    });
  };
  return (
    <form class={`form ${segments.length > 0 ? 'ruled' : ''}`} onSubmit={onSubmit}>
      <label>{words.saveSegment}<input value={name} required pattern=".*\S.*" maxLength={maxNameLength} autocomplete="off" onInput={(event) => setName(event.currentTarget.value)} /></label>
      <Refused error={error} />
      <button type="submit" class="button primary" disabled={isBusy}>{segments.some((known) => known.name === name.trim()) ? words.replace : words.save}</button>
    </form>
  );
}
