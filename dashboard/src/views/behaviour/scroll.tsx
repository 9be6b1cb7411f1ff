// How much of each page people see.

import type { PageScroll, ScrollAnswer } from '../../../../edge-collector/api.d.ts';
import { scopeOf } from '../../api/questions.ts';
import { useAnswer } from '../../api/use-answer.tsx';
import { Reach } from '../../charts/reach.tsx';
import { Panel } from '../../parts/panel.tsx';
import { pngOf } from '../../parts/svg-exports.ts';
import { Table, saveTable } from '../../parts/table.tsx';
import { useNavigation } from '../../state/navigation.tsx';
import { brief, none, percent } from '../../text/format.ts';
import { say, text } from '../../text/index.ts';

const words = text.behaviour;

export function ScrollReport() {
  const { place, go } = useNavigation();
  const answered = useAnswer({ ...scopeOf(place), limit: 100 }, (client, asked, signal) => client.report('scroll', asked, signal));
  const chosen = answered.value?.rows.find(({ page }) => page === place.options['page']) ?? answered.value?.rows[0];
  const isEmpty = ({ rows }: ScrollAnswer) => rows.length === 0;
  const table = ({ rows }: ScrollAnswer) => ({
    caption: words.scroll,
    head: { title: text.dimensions['event:page'], value: ({ page }: PageScroll) => page },
    columns: [
      { title: text.metrics.visits, value: ({ visits }: PageScroll) => visits, show: ({ visits }: PageScroll) => brief(visits) },
      { title: text.metrics.scroll_depth, value: (row: PageScroll) => row.scroll_depth, show: (row: PageScroll) => (row.scroll_depth === null ? none : percent(row.scroll_depth)) },
    ],
    rows,
  });
  const title = chosen === undefined ? words.scrollMap : say(words.scrollOf, { page: chosen.page });
  return (
    <div class="grid">
      <Panel title={title} class="flow" answered={answered} isEmpty={isEmpty} skeleton="chart" exports={() => [pngOf(title)]}>
        {() => chosen !== undefined && (
          <>
            <p class="soft">{words.scrollHint}</p>
            <Reach reached={chosen.reached} label={title} />
          </>
        )}
      </Panel>
      <Panel title={words.scroll} class="flow" answered={answered} isEmpty={isEmpty} skeleton="rows" exports={(answer) => [{ label: text.actions.csv, run: () => saveTable(table(answer)) }]}>
        {(answer) => (
          <Table {...table(answer)} bar={(row) => (row.scroll_depth ?? 0) / 100} isPicked={(row) => row === chosen} pickTitle={(row) => say(words.scrollOf, { page: row.page })} onPick={({ page }) => go({ options: { ...place.options, page } })} />
        )}
      </Panel>
    </div>
  );
}
