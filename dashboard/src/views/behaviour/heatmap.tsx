// Clicks on a page: where, on what, and which of them were in anger or in vain.

import type { ComponentChildren } from 'preact';
import type { ElementClicks, HeatmapAnswer } from '../../../../edge-collector/api.d.ts';
import { scopeOf } from '../../api/questions.ts';
import { type Answered, after, useAnswer } from '../../api/use-answer.tsx';
import type { ClickKind } from '../../charts/heat.tsx';
import { PageChoice, useKnown, usePage } from '../../parts/known.tsx';
import { Panel, Tabs } from '../../parts/panel.tsx';
import { Scroller } from '../../parts/scroller.tsx';
import { pngOf } from '../../parts/svg-exports.ts';
import { type Column, Table, saveTable } from '../../parts/table.tsx';
import { useNavigation, useOption } from '../../state/navigation.tsx';
import { brief, valueName } from '../../text/format.ts';
import { text } from '../../text/index.ts';
import { ClickMap } from './click-map.tsx';

const words = text.behaviour;
const kinds: readonly (readonly [ClickKind, string])[] = [['clicks', words.allClicks], ['rage', words.rageClicks], ['dead', words.deadClicks]];

/** What the clicks are shown over. Some pages refuse to be framed, and of another origin's nobody can see whether one did: so the
 * page is shown to whoever asks for it. */
type Ground = 'boxes' | 'page';
const grounds: readonly (readonly [Ground, string])[] = [['boxes', words.overBoxes], ['page', words.overPage]];

export function HeatmapReport() {
  const { place } = useNavigation();
  const pages = useKnown('event:page');
  const [page, choose] = usePage(pages.value);
  const answered = useAnswer(page === undefined ? undefined : { ...scopeOf(place), page, columns: 40, rows: 80 }, (client, asked, signal) => client.report('heatmap', asked, signal));
  // Without a page there is no question: what holds up the pages holds up this, too.
  const shown = page === undefined ? after([pages], { ...answered, value: pages.value && nothing }) : answered;
  const tools = page !== undefined && <PageChoice page={page} pages={pages.value ?? []} onChoose={choose} />;
  return (
    <div class="grid">
      <HeatPanel answered={shown} tools={tools} page={page ?? ''} />
      <ElementsPanel answered={shown} />
    </div>
  );
}

const nothing: HeatmapAnswer = { clicks: 0, rage: 0, dead: 0, columns: 1, rows: 1, devices: [], elements: { rows: [], total: 0, other: 0 } };

function HeatPanel({ answered, tools, page }: { answered: Answered<HeatmapAnswer>; tools: ComponentChildren; page: string }) {
  const { place, go } = useNavigation();
  const [kind, setKind] = useOption<ClickKind>('clicks', kinds.map(([name]) => name), 'clicks');
  const [under, setUnder] = useOption<Ground>('under', grounds.map(([name]) => name), 'boxes');
  const devices = answered.value?.devices.map(({ device }) => device) ?? [];
  const device = answered.value?.devices.find(({ device }) => device === place.options['device']) ?? answered.value?.devices[0];
  return (
    <Panel
      title={words.heatmap}
      class="flow wide"
      tabs={tools}
      answered={answered}
      isEmpty={({ clicks }) => clicks === 0}
      emptyTitle={words.noClicks}
      skeleton="chart"
      exports={() => [pngOf(words.heatmap)]}
    >
      {(answer) => device !== undefined && (
        <>
          <div class="toolbar">
            <Tabs label={words.heatmap} tabs={kinds.map(([name, title]) => [name, `${title} ${brief(device[name])}`] as const)} chosen={kind} onChoose={setKind} />
            <Tabs label={words.under} tabs={grounds} chosen={under} onChoose={setUnder} />
            <Tabs label={text.dimensions['visit:device']} tabs={devices.map((name) => [name, valueName('visit:device', name)] as const)} chosen={device.device} onChoose={(name) => go({ options: { ...place.options, device: name } })} />
          </div>
          <ClickMap answer={answer} grid={device} kind={kind} page={page} isOver={under === 'page'} />
        </>
      )}
    </Panel>
  );
}

function ElementsPanel({ answered }: { answered: Answered<HeatmapAnswer> }) {
  const columns: Column<ElementClicks>[] = [
    { title: words.allClicks, value: ({ clicks }) => clicks, show: ({ clicks }) => brief(clicks) },
    { title: words.rageClicks, value: ({ rage }) => rage, show: ({ rage }) => <span class={rage > 0 ? 'bad' : 'soft'}>{brief(rage)}</span> },
    { title: words.deadClicks, value: ({ dead }) => dead, show: ({ dead }) => <span class={dead > 0 ? 'bad' : 'soft'}>{brief(dead)}</span> },
    { title: text.metrics.visitors, value: ({ visitors }) => visitors, show: ({ visitors }) => brief(visitors) },
  ];
  const table = (answer: HeatmapAnswer) => ({
    caption: words.elements,
    head: { title: words.element, value: ({ element }: ElementClicks) => element, show: ({ element, text }: ElementClicks) => (text === '' ? element : <>{text} <span class="soft">{element}</span></>) },
    columns,
    rows: answer.elements.rows,
  });
  return (
    <Panel
      title={words.elements}
      class="flow wide"
      answered={answered}
      isEmpty={({ elements }) => elements.rows.length === 0}
      emptyTitle={words.noClicks}
      skeleton="rows"
      exports={(answer) => [{ label: text.actions.csv, run: () => saveTable(table(answer)) }]}
    >
      {(answer) => {
        const most = Math.max(1, ...answer.elements.rows.map(({ clicks }) => clicks));
        return <Scroller label={words.elements}><Table {...table(answer)} bar={({ clicks }) => clicks / most} /></Scroller>;
      }}
    </Panel>
  );
}
