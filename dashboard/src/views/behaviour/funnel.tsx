// Funnels: who took which steps, in this order, and what those did who did not go on.

import { useId, useState } from 'preact/hooks';
import type { FunnelAnswer, FunnelStep } from '../../../../edge-collector/api.d.ts';
import { scopeOf } from '../../api/questions.ts';
import { type Answered, useAnswer } from '../../api/use-answer.tsx';
import { FunnelChart } from '../../charts/funnel-chart.tsx';
import { OptionChoice, useKnown } from '../../parts/known.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Scroller } from '../../parts/scroller.tsx';
import { pngOf } from '../../parts/svg-exports.ts';
import { type Column, Table, saveTable } from '../../parts/table.tsx';
import { useNavigation, useOption } from '../../state/navigation.tsx';
import { type Target, readTargets, shopSteps, targetName } from '../../state/steps.ts';
import { brief, duration, none, percent, valueName } from '../../text/format.ts';
import { say, text } from '../../text/index.ts';

const words = text.behaviour;
const fewest = 2;
const most = 10;

export function FunnelReport() {
  const { place, go } = useNavigation();
  const pages = useKnown('event:page');
  const events = useKnown('event:name');
  const given = readTargets(place.options['steps']);
  const usual = usualSteps(pages.value, events.value);
  const steps = given.length >= fewest ? given : usual;
  const { window: within = '' } = place.options;
  const [by] = useOption('by', ['visitor', 'session'], 'visitor');
  const question = steps && { ...scopeOf(place), steps, by, ...(within === '' ? {} : { window: within }) };
  const answered = useAnswer(question, (client, asked, signal) => client.report('funnel', asked, signal));
  return (
    <div class="stack">
      <FunnelPanel title={words.funnel} answered={answered} steps={steps ?? []} />
      {steps !== undefined && (
        <StepsForm key={JSON.stringify(steps)} steps={steps} pages={pages.value ?? []} events={events.value ?? []} onChange={(next) => go({ options: { ...place.options, steps: JSON.stringify(next) } })} />
      )}
    </div>
  );
}

/** The way to an order where there is one, else between the most seen pages. */
function usualSteps(pages: string[] | undefined, events: string[] | undefined): Target[] | undefined {
  if (pages === undefined || events === undefined) return undefined;
  const toOrder = shopSteps(events);
  if (toOrder.length >= fewest) return toOrder;
  const [first = '/', second = '/*'] = pages;
  return [{ page: first }, { page: second }];
}

export function FunnelPanel({ title, answered, steps }: { title: string; answered: Answered<FunnelAnswer>; steps: readonly Target[] }) {
  const name = (step: FunnelStep) => valueName('event:name', step.name.replace(/^Visit (?=\/|\*)/, ''));
  const rate = (value: number | null) => (value === null ? none : percent(value));
  const columns: Column<FunnelStep>[] = [
    { title: words.came, value: ({ count }) => count, show: ({ count }) => brief(count) },
    { title: words.ofFirst, value: (step) => step.conversion_rate, show: (step) => rate(step.conversion_rate) },
    { title: words.dropped, value: (step) => step.drop_off, show: (step) => <Dropped step={step} /> },
    { title: words.typicalTime, value: (step) => step.median_ms, show: (step) => (step.median_ms === null ? none : duration(step.median_ms / 1000)) },
  ];
  const table = (answer: FunnelAnswer) => ({ caption: title, head: { title: words.step, value: name }, columns, rows: answer.steps });
  return (
    <Panel
      title={title}
      answered={answered}
      isEmpty={({ entered }) => entered === 0}
      skeleton="chart"
      exports={(answer) => [pngOf(title), { label: text.actions.csv, run: () => saveTable(table(answer)) }]}
    >
      {(answer) => (
        <>
          <p class="lead">{say(words.converted, { rate: rate(answer.conversion_rate), entered: brief(answer.entered), converted: brief(answer.converted) })}</p>
          <FunnelChart steps={answer.steps} name={name} label={`${title}: ${steps.map(targetName).join(' → ')}`} />
          <Scroller label={title}><Table {...table(answer)} /></Scroller>
          <Instead answer={answer} name={name} />
        </>
      )}
    </Panel>
  );
}

function Dropped({ step }: { step: FunnelStep }) {
  return <>{brief(step.drop_off)}{step.drop_off_rate !== null && <span class="soft"> {percent(step.drop_off_rate)}</span>}</>;
}

/** What those did next who went no further. */
function Instead({ answer, name }: { answer: FunnelAnswer; name: (step: FunnelStep) => string }) {
  const steps = answer.steps.filter(({ instead }) => instead.length > 0);
  if (steps.length === 0) return null;
  return (
    <section class="instead" aria-label={words.instead}>
      <h3>{words.instead}</h3>
      <div class="columns">
        {steps.map((step, place) => (
          <dl key={place}>
            <dt>{say(words.after, { step: name(step) })}</dt>
            {step.instead.map(({ kind, name, count }) => (
              <dd key={`${kind} ${name}`}><span>{kind === 'left' ? words.left : kind === 'other' ? words.other : valueName('event:name', name)}</span><b class="number">{brief(count)}</b></dd>
            ))}
          </dl>
        ))}
      </div>
    </section>
  );
}

type StepsFormProps = { steps: readonly Target[]; pages: readonly string[]; events: readonly string[]; onChange: (steps: Target[]) => void };

function StepsForm({ steps, pages, events, onChange }: StepsFormProps) {
  const id = useId();
  const [draft, setDraft] = useState(steps);
  const put = (at: number, target: Target) => setDraft(draft.map((step, place) => (place === at ? target : step)));
  const make = (kind: string, name: string): Target => (kind === 'page' ? { page: name } : { event: name });
  const isWhole = draft.every((step) => targetName(step) !== '');
  return (
    <section class="panel" aria-label={words.steps}>
      <header class="panel-head">
        <h2>{words.steps}</h2>
        <OptionChoice name="by" label={words.by} choices={[['visitor', words.byVisitor], ['session', words.bySession]]} />
        <OptionChoice name="window" label={words.window} choices={[['', words.anyTime], ['30m', words.halfHour], ['1d', words.oneDay], ['7d', words.oneWeek], ['30d', words.thirtyDays]]} />
      </header>
      <form class="panel-body steps" onSubmit={(event) => { event.preventDefault(); if (isWhole) onChange([...draft]); }}>
        <datalist id={`${id}page`}>{pages.map((page) => <option key={page} value={page} />)}</datalist>
        <datalist id={`${id}event`}>{events.map((event) => <option key={event} value={event}>{valueName('event:name', event)}</option>)}</datalist>
        <ol>
          {draft.map((step, at) => {
            const kind = 'page' in step ? 'page' : 'event';
            return (
              <li key={at}>
                <span class="step-number">{at + 1}</span>
                <select class="select" aria-label={say(words.stepKind, { step: String(at + 1) })} value={kind} onChange={(event) => put(at, make(event.currentTarget.value, ''))}>
                  <option value="page">{words.page}</option>
                  <option value="event">{words.event}</option>
                </select>
                <input class="select" aria-label={say(words.stepName, { step: String(at + 1) })} value={targetName(step)} list={id + kind} required autocomplete="off" onInput={(event) => put(at, make(kind, event.currentTarget.value))} />
                <button type="button" class="icon-button" aria-label={say(words.removeStep, { step: String(at + 1) })} disabled={draft.length <= fewest} onClick={() => setDraft(draft.filter((_, place) => place !== at))}>×</button>
              </li>
            );
          })}
        </ol>
        <div class="buttons">
          <button type="button" class="button" disabled={draft.length >= most} onClick={() => setDraft([...draft, { page: '' }])}>{words.addStep}</button>
          <button type="submit" class="button primary" disabled={!isWhole}>{text.dates.apply}</button>
        </div>
      </form>
    </section>
  );
}
