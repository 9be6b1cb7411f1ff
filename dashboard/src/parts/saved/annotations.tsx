// Annotations on a chart: a mark at each step that has some, which tells them, and for whoever may change them a form.

import { useState } from 'preact/hooks';
import { useSaved } from '../../api/saved.tsx';
import { type Note, type Noted, notedSteps } from '../../state/annotations.ts';
import type { Interval } from '../../state/dates.ts';
import { moment } from '../../text/format.ts';
import { text } from '../../text/index.ts';
import { Dialog } from '../dialog.tsx';
import { AnnotationForm } from './annotation-form.tsx';

const words = text.saved;

/** What a chart marks of steps that start at these milliseconds. */
export function useAnnotationMarks(starts: readonly number[], interval: Interval) {
  const { value } = useSaved();
  const noted = notedSteps(value?.annotations ?? [], starts, interval);
  return noted.length === 0 ? undefined : { label: words.annotations, all: noted.map((step) => ({ place: step.place, shown: <Mark {...step} /> })) };
}

const keyOf = ({ name, value }: Note) => `${name} ${value.at} ${value.text}`;

function Mark({ notes }: Noted) {
  const { mayChange } = useSaved();
  const [isOpen, setOpen] = useState(false);
  const told = (
    <span class="note-text">
      {notes.map((note) => <span key={keyOf(note)}><time dateTime={note.value.at}>{moment(note.value.at)}</time> {note.value.text}</span>)}
    </span>
  );
  // Who reads may look at it by a touch or the keyboard, too.
  if (!mayChange) return <span class="note-mark" role="note" tabIndex={0}>{told}</span>;
  return (
    <>
      <button type="button" class="note-mark" aria-haspopup="dialog" onClick={() => setOpen(true)}>{told}</button>
      {isOpen && (
        <Dialog isForm title={words.annotations} onClose={() => setOpen(false)}>
          {notes.map((note) => <AnnotationForm key={keyOf(note)} note={note} onDone={() => setOpen(false)} />)}
        </Dialog>
      )}
    </>
  );
}

/** A button for whoever may add one; `date` is the day that is proposed. */
export function AddAnnotation({ date }: { date?: string }) {
  const { mayChange } = useSaved();
  const [isOpen, setOpen] = useState(false);
  if (!mayChange) return null;
  return (
    <>
      <button type="button" class="button small quiet" aria-haspopup="dialog" onClick={() => setOpen(true)}>+ {words.annotate}</button>
      {isOpen && <Dialog isForm title={words.newAnnotation} onClose={() => setOpen(false)}><AnnotationForm date={date} onDone={() => setOpen(false)} /></Dialog>}
    </>
  );
}
