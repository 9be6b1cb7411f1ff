// What people look for on the site, and where they leave it to.

import type { FollowedLink, LinksAnswer, SearchAnswer, SearchTerms } from '../../../../edge-collector/api.d.ts';
import { scopeOf } from '../../api/questions.ts';
import { useAnswer } from '../../api/use-answer.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Scroller } from '../../parts/scroller.tsx';
import { type Column, Table, saveTable } from '../../parts/table.tsx';
import { useNavigation } from '../../state/navigation.tsx';
import { brief } from '../../text/format.ts';
import { text } from '../../text/index.ts';

const words = text.behaviour;
const visitors = { title: text.metrics.visitors, value: (row: { visitors: number }) => row.visitors, show: (row: { visitors: number }) => brief(row.visitors) };
const ofTerms: Column<SearchTerms>[] = [
  { title: words.searches, value: ({ searches }) => searches, show: ({ searches }) => brief(searches) },
  visitors,
  { title: words.withoutResult, value: (row) => row.without_results, show: (row) => <span class={row.without_results > 0 ? 'bad' : 'soft'}>{brief(row.without_results)}</span> },
];
const ofLinks: Column<FollowedLink>[] = [{ title: words.allClicks, value: ({ clicks }) => clicks, show: ({ clicks }) => brief(clicks) }, visitors];

export function SearchReport() {
  const { place } = useNavigation();
  const question = { ...scopeOf(place), limit: 100 };
  const searched = useAnswer(question, (client, asked, signal) => client.report('search', asked, signal));
  const followed = useAnswer(question, (client, asked, signal) => client.report('links', asked, signal));
  const terms = ({ rows }: SearchAnswer) => ({ caption: words.search, head: { title: words.terms, value: ({ terms }: SearchTerms) => terms }, columns: ofTerms, rows });
  const links = ({ rows }: LinksAnswer) => ({ caption: words.links, head: { title: words.link, value: ({ url }: FollowedLink) => url }, columns: ofLinks, rows });
  return (
    <div class="grid">
      <Panel title={words.search} class="flow" answered={searched} isEmpty={({ rows }) => rows.length === 0} emptyTitle={words.noSearches} skeleton="rows" exports={(answer) => [{ label: text.actions.csv, run: () => saveTable(terms(answer)) }]}>
        {(answer) => <Scroller label={words.search}><Table {...terms(answer)} bar={({ searches }) => searches / (answer.rows[0]?.searches ?? 1)} /></Scroller>}
      </Panel>
      <Panel title={words.links} class="flow" answered={followed} isEmpty={({ rows }) => rows.length === 0} skeleton="rows" exports={(answer) => [{ label: text.actions.csv, run: () => saveTable(links(answer)) }]}>
        {(answer) => <Scroller label={words.links}><Table {...links(answer)} bar={({ clicks }) => clicks / (answer.rows[0]?.clicks ?? 1)} /></Scroller>}
      </Panel>
    </div>
  );
}
