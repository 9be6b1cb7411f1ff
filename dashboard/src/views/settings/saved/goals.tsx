// The site's goals.

import type { Entry } from '../../../api/saved.tsx';
import { AddGoal, GoalForm } from '../../../parts/saved/goal-form.tsx';
import { targetInWords } from '../../../parts/saved/in-words.ts';
import { asGoal } from '../../../state/goals.ts';
import { say } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';
import { Edit } from './edit.tsx';
import { Lines, SavedList } from './list.tsx';

const { saved: text } = words;

export function Goals() {
  return (
    <SavedList
      kind="goals"
      title={text.goals}
      lead={text.goalsLead}
      add={<AddGoal />}
      nameOf={({ name }) => name}
      columns={[
        { title: words.common.name, value: ({ name }) => name },
        { title: text.reachedBy, value: ({ value }) => targetInWords(value).join(', '), show: ({ value }) => <Lines lines={targetInWords(value)} /> },
      ]}
      actions={(entry, mayChange) => mayChange && <EditGoal {...entry} />}
    />
  );
}

/** One that is more than the form has is changed over the API. */
function EditGoal({ name, value }: Entry<'goals'>) {
  const goal = asGoal(value);
  if (goal === undefined) return null;
  return (
    <Edit label={text.edit} name={say(text.editThis, { name })} title={say(text.editThis, { name })}>
      {(close) => <GoalForm initial={{ name, goal }} onDone={close} />}
    </Edit>
  );
}
