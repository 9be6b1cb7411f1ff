// Where visits end.

import type { ExitsAnswer, PageExits } from '../../../../edge-collector/api.d.ts';
import { scopeOf } from '../../api/questions.ts';
import { useAnswer } from '../../api/use-answer.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Scroller } from '../../parts/scroller.tsx';
import { type Column, Table, saveTable } from '../../parts/table.tsx';
import { isFilteredBy } from '../../state/filters.ts';
import { useAddFilter, useNavigation } from '../../state/navigation.tsx';
import { brief, none, percent } from '../../text/format.ts';
import { text } from '../../text/index.ts';

const words = text.behaviour;
const columns: Column<PageExits>[] = [
  { title: words.exited, value: ({ exits }) => exits, show: ({ exits }) => brief(exits) },
  { title: text.metrics.visits, value: ({ visits }) => visits, show: ({ visits }) => brief(visits) },
  { title: text.metrics.pageviews, value: ({ pageviews }) => pageviews, show: ({ pageviews }) => brief(pageviews) },
  { title: words.onlyPage, value: (row) => row.single_page_visits, show: (row) => brief(row.single_page_visits) },
  { title: words.exitRate, value: (row) => row.exit_rate, show: (row) => (row.exit_rate === null ? none : percent(row.exit_rate)) },
];

export function ExitsReport() {
  const { place } = useNavigation();
  const addFilter = useAddFilter();
  const answered = useAnswer({ ...scopeOf(place), limit: 100 }, (client, asked, signal) => client.report('exits', asked, signal));
  const table = ({ rows }: ExitsAnswer) => ({ caption: words.exits, head: { title: text.dimensions['visit:exit_page'], value: ({ page }: PageExits) => page }, columns, rows });
  return (
    <Panel title={words.exits} class="flow" answered={answered} isEmpty={({ rows }) => rows.length === 0} skeleton="rows" exports={(answer) => [{ label: text.actions.csv, run: () => saveTable(table(answer)) }]}>
      {(answer) => {
        const most = Math.max(1, ...answer.rows.map(({ exits }) => exits));
        return (
          <Scroller label={words.exits}>
            <Table {...table(answer)} bar={({ exits }) => exits / most} isPicked={({ page }) => isFilteredBy(place.filters, 'visit:exit_page', page)} onPick={({ page }) => addFilter(['is', 'visit:exit_page', [page]])} />
          </Scroller>
        );
      }}
    </Panel>
  );
}
