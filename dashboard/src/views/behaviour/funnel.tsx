// Funnels: who took which steps, in this order, and what those did who did not go on.

import type { ComponentChildren } from 'preact';
import type { FunnelAnswer, FunnelStep, SavedFunnel } from '../../../../edge-collector/api.d.ts';
import { scopeOf } from '../../api/questions.ts';
import { type Answered, after, useAnswer } from '../../api/use-answer.tsx';
import { FunnelChart } from '../../charts/funnel-chart.tsx';
import { useKnown } from '../../parts/known.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Scroller } from '../../parts/scroller.tsx';
import { pngOf } from '../../parts/svg-exports.ts';
import { type Column, Table, saveTable } from '../../parts/table.tsx';
import { useNavigation, useOption } from '../../state/navigation.tsx';
import { type Target, asOptions, readTargets, shopSteps, targetName } from '../../state/steps.ts';
import { brief, duration, none, percent, valueName } from '../../text/format.ts';
import { say, text } from '../../text/index.ts';
import { StepsForm, fewest } from './funnel-steps.tsx';
import { FunnelChoice } from './funnel-saved.tsx';

const words = text.behaviour;

export function FunnelReport() {
  const { place, go } = useNavigation();
  const pages = useKnown('event:page');
  const events = useKnown('event:name');
  const given = readTargets(place.options['steps']);
  const steps = given.length >= fewest ? given : usualSteps(pages.value, events.value);
  const { window: within = '' } = place.options;
  const [by] = useOption('by', ['visitor', 'session'], 'visitor');
  const [order] = useOption('order', ['ordered', 'strict'], 'ordered');
  const funnel: SavedFunnel | undefined = steps && { steps, by, order, ...(within === '' ? {} : { window: within }) };
  const answered = useAnswer(funnel && { ...scopeOf(place), ...funnel }, (client, asked, signal) => client.report('funnel', asked, signal));
  const show = (next: SavedFunnel) => go({ options: { ...place.options, ...asOptions(next) } });
  return (
    <div class="stack">
      <FunnelPanel title={words.funnel} answered={given.length >= fewest ? answered : after([pages, events], answered)} steps={steps ?? []} tools={funnel && <FunnelChoice funnel={funnel} onChoose={show} />} />
      {funnel !== undefined && <StepsForm key={JSON.stringify(steps)} funnel={funnel} pages={pages.value ?? []} events={events.value ?? []} onChange={show} />}
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

type FunnelPanelProps = { title: string; answered: Answered<FunnelAnswer>; steps: readonly Target[]; tools?: ComponentChildren };

export function FunnelPanel({ title, answered, steps, tools }: FunnelPanelProps) {
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
      tabs={tools}
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
