// What is happening, at a glance.

import type { Answer } from '../../../../edge-collector/api.d.ts';
import type { Answered } from '../../api/use-answer.tsx';
import { Breakdown } from '../../parts/breakdown.tsx';
import { text } from '../../text/index.ts';
import { Goals } from './goals.tsx';
import { Headline } from './headline.tsx';
import { Places } from './places.tsx';

const words = text.overview;

export function Overview({ totals }: { totals: Answered<Answer> }) {
  return (
    <>
      <Headline totals={totals} />
      <div class="grid">
        <Breakdown name="sources" title={words.sources} tabs={[
          { name: 'channels', title: words.channels, dimension: 'visit:channel', metrics: ['visitors'], moreMetrics: ['visits', 'bounce_rate', 'visit_duration'] },
          { name: 'source', title: words.source, dimension: 'visit:source', metrics: ['visitors'], moreMetrics: ['visits', 'bounce_rate', 'visit_duration'] },
          { name: 'referrers', title: words.referrers, dimension: 'visit:referrer', metrics: ['visitors'], moreMetrics: ['visits', 'bounce_rate', 'visit_duration'] },
        ]} />
        <Breakdown name="pages" title={words.pages} tabs={[
          { name: 'top', title: words.topPages, dimension: 'event:page', metrics: ['visitors', 'pageviews'], moreMetrics: ['time_on_page', 'scroll_depth'] },
          { name: 'entry', title: words.entryPages, dimension: 'visit:entry_page', metrics: ['visitors', 'visits'], moreMetrics: ['bounce_rate', 'visit_duration'] },
          { name: 'exit', title: words.exitPages, dimension: 'visit:exit_page', metrics: ['visitors', 'visits'], moreMetrics: ['visit_duration'] },
        ]} />
        <Places />
        <Breakdown name="campaigns" title={words.campaigns} emptyTitle={words.noCampaigns} emptyHint={words.noCampaignsHint} tabs={[
          campaign('campaign', words.campaign, 'visit:utm_campaign'),
          campaign('medium', words.medium, 'visit:utm_medium'),
          campaign('utm', words.utmSource, 'visit:utm_source'),
        ]} />
        <Breakdown name="technology" title={words.technology} tabs={[
          { name: 'devices', title: words.devices, dimension: 'visit:device', metrics: ['visitors', 'percentage'], moreMetrics: ['visits', 'bounce_rate', 'visit_duration'] },
          { name: 'browsers', title: words.browsers, dimension: 'visit:browser', metrics: ['visitors', 'percentage'], moreMetrics: ['visits', 'bounce_rate'] },
          { name: 'systems', title: words.systems, dimension: 'visit:os', metrics: ['visitors', 'percentage'], moreMetrics: ['visits', 'bounce_rate'] },
          { name: 'screens', title: words.screens, dimension: 'visit:screen', metrics: ['visitors', 'percentage'], moreMetrics: ['visits', 'bounce_rate'] },
        ]} />
        <Goals />
      </div>
    </>
  );
}

function campaign(name: string, title: string, dimension: 'visit:utm_campaign' | 'visit:utm_medium' | 'visit:utm_source') {
  // Visits without a tag would outnumber all others.
  return { name, title, dimension, metrics: ['visitors', 'visits'] as const, moreMetrics: ['bounce_rate', 'visit_duration'] as const, filters: [['is_not', dimension, ['(not set)']] as ['is_not', typeof dimension, string[]]] };
}
