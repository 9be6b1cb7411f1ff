// One annotation: when it was, and what happened.

import { useState } from 'preact/hooks';
import { maxTextLength, useSaved } from '../../api/saved.tsx';
import { useChange } from '../../api/use-change.ts';
import type { Note } from '../../state/annotations.ts';
import { moment } from '../../text/format.ts';
import { text } from '../../text/index.ts';
import { Refused } from './refused.tsx';

const words = text.saved;
/** Annotations have no name that anybody sees. */
const newName = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** `note` is changed, or without one a new one is made; `date` is the day that is proposed for it. */
export function AnnotationForm({ note, date = '', onDone }: { note?: Note; date?: string | undefined; onDone: () => void }) {
  const { put, remove } = useSaved();
  const { isBusy, error, run } = useChange();
  const [day, setDay] = useState(note?.value.at.slice(0, 10) ?? date);
  const [time, setTime] = useState(note?.value.at.slice(11) ?? '');
  const [happened, setHappened] = useState(note?.value.text ?? '');
  const onSubmit = (event: Event) => {
    event.preventDefault();
    const at = time === '' ? day : `${day}T${time.slice(0, 5)}`;
    run(async (client) => {
      await put(client, 'annotations', note?.name ?? newName(), { at, text: happened.trim() });
      onDone();
    });
  };
  return (
    <form class="form" onSubmit={onSubmit} aria-label={note === undefined ? words.newAnnotation : `${moment(note.value.at)}: ${note.value.text}`}>
      <label>{words.happened}<input value={happened} required maxLength={maxTextLength} pattern=".*\S.*" autocomplete="off" onInput={(event) => setHappened(event.currentTarget.value)} /></label>
      <div class="pair">
        <label>{words.date}<input type="date" value={day} required onInput={(event) => setDay(event.currentTarget.value)} /></label>
        <label>{words.time}<input type="time" value={time} onInput={(event) => setTime(event.currentTarget.value)} /></label>
      </div>
      <Refused error={error} />
      <div class="buttons">
        <button type="submit" class="button primary" disabled={isBusy}>{words.save}</button>
        {note !== undefined && (
          <button type="button" class="button" disabled={isBusy} onClick={() => run(async (client) => { await remove(client, 'annotations', note.name); onDone(); })}>{words.remove}</button>
        )}
      </div>
    </form>
  );
}
