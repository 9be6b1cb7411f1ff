// What happened when, the newest first.

import { AddAnnotation } from '../../../parts/saved/annotations.tsx';
import { AnnotationForm } from '../../../parts/saved/annotation-form.tsx';
import { moment } from '../../../text/format.ts';
import { say } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';
import { Edit } from './edit.tsx';
import { SavedList } from './list.tsx';

const { saved: text } = words;

export function Annotations() {
  return (
    <SavedList
      kind="annotations"
      title={text.annotations}
      lead={text.annotationsLead}
      add={<AddAnnotation />}
      nameOf={({ value }) => value.text}
      sorted={(entries) => [...entries].sort((a, b) => (a.value.at < b.value.at ? 1 : -1))}
      columns={[
        { title: text.happened, value: ({ value }) => value.text },
        { title: text.at, value: ({ value }) => value.at, show: ({ value }) => moment(value.at) },
      ]}
      actions={(entry, mayChange) => mayChange && (
        <Edit label={text.edit} name={say(text.editThis, { name: entry.value.text })} title={say(text.editThis, { name: entry.value.text })}>
          {(close) => <AnnotationForm note={entry} onDone={close} />}
        </Edit>
      )}
    />
  );
}
