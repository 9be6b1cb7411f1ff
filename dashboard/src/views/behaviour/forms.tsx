// Which forms are begun, sent and given up, and at which field.

import type { Form, FormsAnswer } from '../../../../edge-collector/api.d.ts';
import { scopeOf } from '../../api/questions.ts';
import { useAnswer } from '../../api/use-answer.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Scroller } from '../../parts/scroller.tsx';
import { type Column, Table, saveTable } from '../../parts/table.tsx';
import { useNavigation } from '../../state/navigation.tsx';
import { brief, none, percent } from '../../text/format.ts';
import { text } from '../../text/index.ts';

const words = text.behaviour;
const rate = (value: number | null) => (value === null ? none : percent(value));
const columns: Column<Form>[] = [
  { title: words.starts, value: ({ starts }) => starts, show: ({ starts }) => brief(starts) },
  { title: words.sent, value: ({ submits }) => submits, show: ({ submits }) => brief(submits) },
  { title: words.givenUp, value: ({ abandons }) => abandons, show: ({ abandons }) => brief(abandons) },
  { title: words.completion, value: (row) => row.completion_rate, show: (row) => rate(row.completion_rate) },
];

export function FormsReport() {
  const { place } = useNavigation();
  const answered = useAnswer({ ...scopeOf(place), limit: 100 }, (client, asked, signal) => client.report('forms', asked, signal));
  const table = ({ rows }: FormsAnswer) => ({ caption: words.forms, head: { title: words.form, value: ({ form }: Form) => form }, columns, rows });
  return (
    <Panel title={words.forms} class="flow" answered={answered} isEmpty={({ rows }) => rows.length === 0} emptyTitle={words.noForms} skeleton="rows" exports={(answer) => [{ label: text.actions.csv, run: () => saveTable(table(answer)) }]}>
      {(answer) => (
        <>
          <Scroller label={words.forms}><Table {...table(answer)} bar={(row) => (row.completion_rate ?? 0) / 100} /></Scroller>
          <LastFields forms={answer.rows} />
        </>
      )}
    </Panel>
  );
}

function LastFields({ forms }: { forms: readonly Form[] }) {
  const abandoned = forms.filter((form) => form.last_fields.length > 0);
  if (abandoned.length === 0) return null;
  return (
    <section class="instead" aria-label={words.lastFields}>
      <h3>{words.lastFields}</h3>
      <div class="columns">
        {abandoned.map(({ form, last_fields }) => (
          <dl key={form}>
            <dt>{form}</dt>
            {last_fields.map(({ field, abandons, share }) => <dd key={field}><span>{field === '' ? words.unnamed : field}</span><b class="number">{brief(abandons)} <span class="soft">{rate(share)}</span></b></dd>)}
          </dl>
        ))}
      </div>
    </section>
  );
}
