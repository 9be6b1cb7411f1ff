// How people move through the site, and where they stop.

import type { ComponentType } from 'preact';
import { useNavigation } from '../../state/navigation.tsx';
import { writePlace } from '../../state/place.ts';
import { text } from '../../text/index.ts';
import { EventsReport } from './events.tsx';
import { ExitsReport } from './exits.tsx';
import { FormsReport } from './forms.tsx';
import { FunnelReport } from './funnel.tsx';
import { HeatmapReport } from './heatmap.tsx';
import { JourneyReport } from './journey.tsx';
import { RetentionReport } from './retention.tsx';
import { ScrollReport } from './scroll.tsx';
import { SearchReport } from './search.tsx';

const reports = {
  funnel: FunnelReport, journey: JourneyReport, heatmap: HeatmapReport, scroll: ScrollReport, exits: ExitsReport, forms: FormsReport,
  search: SearchReport, events: EventsReport, retention: RetentionReport,
} satisfies Record<string, ComponentType>;
type Report = keyof typeof reports;
const names = Object.keys(reports) as Report[];

export function Behaviour() {
  const { place, go } = useNavigation();
  const shown = names.find((name) => name === place.options['show']) ?? 'funnel';
  const Shown = reports[shown];
  return (
    <>
      <nav class="reports" aria-label={text.shell.behaviour}>
        {names.map((name) => {
          const there = { ...place, options: name === 'funnel' ? {} : { show: name } };
          return (
            <a
              key={name}
              href={`/${writePlace(there)}`}
              aria-current={name === shown ? 'page' : undefined}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                go(there);
              }}
            >{text.behaviour[name]}</a>
          );
        })}
      </nav>
      <Shown />
    </>
  );
}
