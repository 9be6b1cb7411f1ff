// Journeys: where visits go from a page or an event, or how they came there.

import type { JourneyAnswer, JourneyNode } from '../../../../edge-collector/api.d.ts';
import { scopeOf } from '../../api/questions.ts';
import { useAnswer } from '../../api/use-answer.tsx';
import { Sankey } from '../../charts/sankey.tsx';
import { OptionChoice } from '../../parts/known.tsx';
import { Panel } from '../../parts/panel.tsx';
import { pngOf } from '../../parts/svg-exports.ts';
import { saveTable } from '../../parts/table.tsx';
import { useNavigation, useOption } from '../../state/navigation.tsx';
import { readTargets, targetName } from '../../state/steps.ts';
import { valueName } from '../../text/format.ts';
import { say, text } from '../../text/index.ts';

const words = text.behaviour;
const depth = 4;

export function JourneyReport() {
  const { place, go } = useNavigation();
  const [from] = readTargets(place.options['from']);
  const [direction] = useOption('direction', ['after', 'before'], 'after');
  const [of] = useOption('of', ['pages', 'events', 'all'], 'pages');
  const question = { ...scopeOf(place), direction, steps: of, depth, limit: 6, ...(from === undefined ? {} : { from }) };
  const answered = useAnswer(question, (client, asked, signal) => client.report('journey', asked, signal));
  const centre = (target: { page: string } | { event: string } | undefined) =>
    go({ options: { ...place.options, from: target === undefined ? '' : JSON.stringify([target]) } });
  const name = (node: JourneyNode) => {
    if (node.kind === 'other') return words.other;
    if (node.kind === 'start') return from === undefined ? (direction === 'after' ? words.begin : words.end) : valueName('event:name', targetName(from));
    return node.kind === 'event' ? valueName('event:name', node.name) : node.name;
  };
  return (
    <Panel
      title={words.journey}
      tabs={(
        <>
          {from !== undefined && <button type="button" class="button small" onClick={() => centre(undefined)}>{words.wholeVisit}</button>}
          <OptionChoice name="direction" label={words.direction} choices={[['after', words.goingOn], ['before', words.comingFrom]]} />
          <OptionChoice name="of" label={words.shows} choices={[['pages', words.pages], ['events', words.events], ['all', words.pagesAndEvents]]} />
        </>
      )}
      answered={answered}
      isEmpty={({ links }) => links.length === 0}
      skeleton="chart"
      exports={(answer) => [pngOf(words.journey), { label: text.actions.csv, run: () => saveLinks(answer, name) }]}
    >
      {(answer) => (
        <>
          <p class="soft">{words.journeyHint}</p>
          <Sankey answer={answer} name={name} label={say(words.journeyOf, { name: from === undefined ? words.begin : targetName(from) })} onPick={(node) => centre(node.kind === 'page' ? { page: node.name } : { event: node.name })} />
        </>
      )}
    </Panel>
  );
}

function saveLinks({ nodes, links }: JourneyAnswer, name: (node: JourneyNode) => string): void {
  type Link = (typeof links)[number];
  const of = (place: number) => { const node = nodes[place]; return node === undefined ? '' : name(node); };
  saveTable<Link>({
    caption: words.journey,
    head: { title: words.step, value: ({ source }) => nodes[source]?.depth ?? 0 },
    columns: [{ title: words.from, value: ({ source }) => of(source) }, { title: words.to, value: ({ target }) => of(target) }, { title: text.metrics.visits, value: ({ visits }) => visits }],
    rows: links,
  });
}
