// Goals: those that are saved, reached or not; where none are, whatever visitors did that counts as one.

import { useState } from 'preact/hooks';
import type { Answer } from '../../../../edge-collector/api.d.ts';
import { scopeOf } from '../../api/questions.ts';
import { useSaved } from '../../api/saved.tsx';
import { useAnswer } from '../../api/use-answer.tsx';
import { type BreakdownTab, MoreButton, RankedTable, allRows, question, shownRows, tableOf } from '../../parts/breakdown.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Panel } from '../../parts/panel.tsx';
import { AddGoal } from '../../parts/saved/goal-form.tsx';
import { saveTable } from '../../parts/table.tsx';
import { useNavigation } from '../../state/navigation.tsx';
import { text } from '../../text/index.ts';

const words = text.overview;
const tab: BreakdownTab = { name: 'goals', title: words.goals, dimension: 'event:goal', metrics: ['visitors', 'events', 'conversion_rate'], titles: { events: words.conversions, conversion_rate: words.rate } };

export function Goals() {
  const { place } = useNavigation();
  const [isOpen, setOpen] = useState(false);
  const saved = useSaved();
  // What is saved elsewhere than in this answer still counts, so without it the collector's answer stands alone.
  const goals = saved.value?.goals ?? (saved.error === undefined ? undefined : []);
  const isFiltered = place.filters.some(([, dimension]) => dimension === 'event:goal');
  const asked = goals && { question: question(tab, scopeOf(place), tab.metrics, allRows), goals };
  const answered = useAnswer(asked, async (client, { question, goals }, signal) =>
    withUnreached(await client.query(question, signal), isFiltered ? [] : goals.map(({ name }) => name)));
  const save = (answer: Answer) => () => saveTable(tableOf(words.goals, tab, tab.metrics, answer));
  const first = (answer: Answer) => ({ ...answer, results: answer.results.slice(0, shownRows) });
  return (
    <>
      <Panel
        title={words.goals}
        class="breakdown wide"
        tabs={<AddGoal />}
        answered={answered}
        isEmpty={({ results }) => results.length === 0}
        emptyTitle={words.noGoals}
        emptyHint={words.noGoalsHint}
        skeleton="rows"
        exports={(answer) => [{ label: text.actions.csv, run: save(answer) }]}
      >
        {(answer) => (
          <>
            <RankedTable title={words.goals} tab={tab} metrics={tab.metrics} answer={first(answer)} />
            {answer.results.length > shownRows && <MoreButton total={answer.results.length} onOpen={() => setOpen(true)} />}
          </>
        )}
      </Panel>
      {isOpen && answered.value !== undefined && (
        <Dialog title={words.goals} onClose={() => setOpen(false)}>
          <RankedTable title={words.goals} tab={tab} metrics={tab.metrics} answer={answered.value} onPicked={() => setOpen(false)} />
          <button type="button" class="button" onClick={save(answered.value)}>{text.actions.csv}</button>
        </Dialog>
      )}
    </>
  );
}

/** With a row for each goal that nobody reached. */
function withUnreached(answer: Answer, names: readonly string[]): Answer {
  const reached = new Set(answer.results.map(({ dimensions }) => dimensions[0]));
  const rows = names.filter((name) => !reached.has(name)).map((name) => ({ dimensions: [name], metrics: tab.metrics.map(() => 0) }));
  return { ...answer, results: [...answer.results, ...rows] };
}
