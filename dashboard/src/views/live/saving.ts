// What the live view shows at the moment, as files.

import type { Answer, RecentEvent } from '../../../../edge-collector/api.d.ts';
import { perMinute } from '../../api/live.ts';
import { saveTable } from '../../parts/table.tsx';
import { text } from '../../text/index.ts';

const words = text.live;

export function saveMinutes(caption: string, answer: Answer): void {
  type Minute = ReturnType<typeof perMinute>[number];
  saveTable<Minute>({ caption, head: { title: words.time, value: ({ minute }) => minute }, columns: [{ title: text.metrics.visitors, value: ({ visitors }) => visitors }], rows: perMinute(answer) });
}

const dimensions = ['visit:country', 'visit:device', 'visit:source'] as const;

export function saveEvents(events: readonly RecentEvent[]): void {
  saveTable<RecentEvent>({
    caption: words.events,
    head: { title: words.time, value: ({ at }) => at },
    columns: [
      { title: text.dimensions['event:name'], value: ({ name }) => name },
      { title: text.dimensions['event:page'], value: ({ page }) => page },
      ...dimensions.map((dimension) => ({ title: text.dimensions[dimension], value: ({ visit }: RecentEvent) => visit[dimension] ?? '' })),
    ],
    rows: events,
  });
}
