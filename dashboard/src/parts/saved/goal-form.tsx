// A goal: what visitors are to see or to do, and what that is called.

import { useId, useState } from 'preact/hooks';
import { maxNameLength, useSaved } from '../../api/saved.tsx';
import { useChange } from '../../api/use-change.ts';
import { type Goal, asTarget } from '../../state/goals.ts';
import { valueName } from '../../text/format.ts';
import { text } from '../../text/index.ts';
import { Dialog } from '../dialog.tsx';
import { useKnown } from '../known.tsx';
import { Refused } from './refused.tsx';

const words = text.saved;
const usual: Goal = { kind: 'event', pattern: '', property: '', value: '' };

/** `initial` is changed under its name, or without one a new goal is made. */
export function GoalForm({ initial, onDone }: { initial?: { name: string; goal: Goal }; onDone: () => void }) {
  const id = useId();
  const { put } = useSaved();
  const { isBusy, error, run } = useChange();
  const [goal, setGoal] = useState(initial?.goal ?? usual);
  const [name, setName] = useState(initial?.name);
  const change = (part: Partial<Goal>) => setGoal({ ...goal, ...part });
  const known = useKnown(goal.kind === 'page' ? 'event:page' : 'event:name');
  const called = name ?? valueName('event:name', goal.pattern);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    run(async (client) => {
      await put(client, 'goals', called.trim(), asTarget({ ...goal, pattern: goal.pattern.trim() }));
      onDone();
    });
  };
  return (
    <form class="form" onSubmit={onSubmit} aria-label={initial?.name ?? words.newGoal}>
      <div class="pair">
        <label>{words.reachedBy}
          <select value={goal.kind} onChange={(event) => change({ kind: event.currentTarget.value as Goal['kind'], pattern: '' })}>
            <option value="event">{words.event}</option>
            <option value="page">{words.page}</option>
          </select>
        </label>
        <label>{goal.kind === 'page' ? words.pagePattern : words.eventPattern}
          <input value={goal.pattern} list={id} required pattern=".*\S.*" autocomplete="off" spellcheck={false} onInput={(event) => change({ pattern: event.currentTarget.value })} />
        </label>
      </div>
      <datalist id={id}>{known.value?.map((value) => <option key={value} value={value}>{goal.kind === 'event' ? valueName('event:name', value) : value}</option>)}</datalist>
      <div class="pair">
        <label>{words.property}<input value={goal.property} autocomplete="off" spellcheck={false} onInput={(event) => change({ property: event.currentTarget.value })} /></label>
        <label>{words.propertyValue}<input value={goal.value} required={goal.property !== ''} disabled={goal.property === ''} autocomplete="off" spellcheck={false} onInput={(event) => change({ value: event.currentTarget.value })} /></label>
      </div>
      <label>{words.name}<input value={called} required pattern=".*\S.*" maxLength={maxNameLength} disabled={initial !== undefined} autocomplete="off" onInput={(event) => setName(event.currentTarget.value)} /></label>
      <Refused error={error} />
      <div class="buttons"><button type="submit" class="button primary" disabled={isBusy}>{words.save}</button></div>
    </form>
  );
}

/** A button for whoever may add one. */
export function AddGoal() {
  const { mayChange } = useSaved();
  const [isOpen, setOpen] = useState(false);
  if (!mayChange) return null;
  return (
    <>
      <button type="button" class="button small quiet" aria-haspopup="dialog" onClick={() => setOpen(true)}>+ {words.goal}</button>
      {isOpen && <Dialog isForm title={words.newGoal} onClose={() => setOpen(false)}><GoalForm onDone={() => setOpen(false)} /></Dialog>}
    </>
  );
}
