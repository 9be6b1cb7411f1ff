// How people move through the site, and where they stop.

import type { ComponentType } from 'preact';
import { SubNav } from '../../parts/sub-nav.tsx';
import { useNavigation } from '../../state/navigation.tsx';
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
  const { place } = useNavigation();
  const shown = names.find((name) => name === place.options['show']) ?? 'funnel';
  const Shown = reports[shown];
  return (
    <>
      <SubNav label={text.shell.behaviour} names={names.map((name) => [name, text.behaviour[name]] as const)} shown={shown} />
      <Shown />
    </>
  );
}
