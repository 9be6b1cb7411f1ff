// The steps of a funnel, to be changed.

import { useId, useState } from 'preact/hooks';
import type { SavedFunnel } from '../../../../edge-collector/api.d.ts';
import { OptionChoice } from '../../parts/known.tsx';
import { windowChoices } from '../../parts/saved/windows.ts';
import { type Target, isPlain, targetName } from '../../state/steps.ts';
import { valueName } from '../../text/format.ts';
import { say, text } from '../../text/index.ts';
import { SaveFunnel } from './funnel-saved.tsx';

const words = text.behaviour;
export const fewest = 2;
const most = 10;

type StepsFormProps = { funnel: SavedFunnel; pages: readonly string[]; events: readonly string[]; onChange: (funnel: SavedFunnel) => void };

export function StepsForm({ funnel, pages, events, onChange }: StepsFormProps) {
  const id = useId();
  const [draft, setDraft] = useState<readonly Target[]>(funnel.steps);
  const put = (at: number, target: Target) => setDraft(draft.map((step, place) => (place === at ? target : step)));
  const isWhole = draft.every((step) => targetName(step) !== '');
  const drafted = { ...funnel, steps: [...draft] };
  return (
    <section class="panel" aria-label={words.steps}>
      <header class="panel-head">
        <h2>{words.steps}</h2>
        <OptionChoice name="by" label={words.by} choices={[['visitor', words.byVisitor], ['session', words.bySession]]} />
        <OptionChoice name="order" label={words.order} choices={[['ordered', words.ordered], ['strict', words.strict]]} />
        <OptionChoice name="window" label={words.window} choices={windowChoices(funnel.window ?? '')} />
      </header>
      <div class="panel-body">
        <form class="steps" onSubmit={(event) => { event.preventDefault(); if (isWhole) onChange(drafted); }}>
          <datalist id={`${id}page`}>{pages.map((page) => <option key={page} value={page} />)}</datalist>
          <datalist id={`${id}event`}>{events.map((event) => <option key={event} value={event}>{valueName('event:name', event)}</option>)}</datalist>
          <ol>
            {draft.map((step, at) => (
              <li key={at}>
                <span class="step-number">{at + 1}</span>
                <StepFields step={step} number={String(at + 1)} list={id} onChange={(next) => put(at, next)} />
                <button type="button" class="icon-button" aria-label={say(words.removeStep, { step: String(at + 1) })} disabled={draft.length <= fewest} onClick={() => setDraft(draft.filter((_, place) => place !== at))}>×</button>
              </li>
            ))}
          </ol>
          <div class="buttons">
            <button type="button" class="button" disabled={draft.length >= most} onClick={() => setDraft([...draft, { page: '' }])}>{words.addStep}</button>
            <button type="submit" class="button primary" disabled={!isWhole}>{text.dates.apply}</button>
          </div>
        </form>
        <SaveFunnel funnel={drafted} isWhole={isWhole} onSaved={() => onChange(drafted)} />
      </div>
    </section>
  );
}

type StepFieldsProps = { step: Target; number: string; list: string; onChange: (step: Target) => void };

/** A step that is more than a page or an event stays as it is. */
function StepFields({ step, number, list, onChange }: StepFieldsProps) {
  if (!isPlain(step)) return <span class="step-more">{targetName(step)}</span>;
  const kind = 'page' in step ? 'page' : 'event';
  const make = (kind: string, name: string): Target => (kind === 'page' ? { page: name } : { event: name });
  return (
    <>
      <select class="select" aria-label={say(words.stepKind, { step: number })} value={kind} onChange={(event) => onChange(make(event.currentTarget.value, ''))}>
        <option value="page">{words.page}</option>
        <option value="event">{words.event}</option>
      </select>
      <input class="select" aria-label={say(words.stepName, { step: number })} value={targetName(step)} list={list + kind} required autocomplete="off" onInput={(event) => onChange(make(kind, event.currentTarget.value))} />
    </>
  );
}
