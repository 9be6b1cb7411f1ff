// What is happening right now.

import type { Answer, FilterDimension, RecentEvent } from '../../../../edge-collector/api.d.ts';
import { minutesShown, useCurrentVisitors, useScene } from '../../api/live.ts';
import { Minutes } from '../../charts/minutes.tsx';
import { Empty, Skeleton } from '../../parts/states.tsx';
import { Table } from '../../parts/table.tsx';
import { asFilters, isFilteredBy } from '../../state/filters.ts';
import { useAddFilter, useNavigation } from '../../state/navigation.tsx';
import { brief, dimensionName, none, timeOfDay, valueName } from '../../text/format.ts';
import { say, text } from '../../text/index.ts';

const words = text.live;

export function Live() {
  const { place } = useNavigation();
  const visitors = useCurrentVisitors(place.site);
  const scene = useScene(place.site, asFilters(place.filters));
  const { value } = scene;
  return (
    <div class="stack">
      {!scene.isConnected && <p class="remark" role="status">{words.lost}</p>}
      <section class="panel live-now" aria-label={words.title}>
        <div class="live-count" aria-live="polite">
          <strong>{visitors.value === undefined ? none : brief(visitors.value)}</strong>
          <span class="soft">{words.visitors}</span>
        </div>
        <div class="live-minutes">
          <h2>{say(words.minutes, { count: String(minutesShown) })}</h2>
          {value === undefined ? <div class="skeleton"><i class="minutes-space" /></div> : <Minutes values={perMinute(value.minutes)} label={say(words.minutes, { count: String(minutesShown) })} />}
        </div>
      </section>
      <div class="grid live-grid">
        <section class="panel" aria-label={words.events}>
          <header class="panel-head"><h2>{words.events}</h2></header>
          <div class="panel-body">
            {value === undefined ? <Skeleton kind="rows" /> : value.events.length === 0 ? <Empty title={words.quiet} hint={words.quietHint} /> : <Feed events={value.events} />}
          </div>
        </section>
        <div class="stack">
          <Ranked title={words.pages} dimension="event:page" answer={value?.pages} />
          <Ranked title={words.sources} dimension="visit:source" answer={value?.sources} />
          <Ranked title={words.countries} dimension="visit:country" answer={value?.countries} />
        </div>
      </div>
    </div>
  );
}

function perMinute(answer: Answer): number[] {
  const known = new Map(answer.results.map(({ dimensions, metrics }) => [dimensions[0], Number(metrics[0])]));
  return (answer.meta.time_labels ?? []).slice(-minutesShown).map((label) => known.get(label) ?? 0);
}

/** What is the same in no two events. */
const keyOf = ({ at_ms, visitor, kind, name, page }: RecentEvent) => [at_ms, visitor, kind, name, page].join(' ');

function Feed({ events }: { events: readonly RecentEvent[] }) {
  return (
    <ol class="feed" tabIndex={0} aria-label={words.events}>
      {events.map((event) => {
        const { visit, details } = event;
        const detail = details['terms'] ?? details['text'] ?? details['url'] ?? details['form'] ?? '';
        const from = [visit['visit:country'], visit['visit:device'], visit['visit:source']];
        const dimensions = ['visit:country', 'visit:device', 'visit:source'];
        return (
          <li key={keyOf(event)}>
            <time class="number" dateTime={new Date(event.at_ms).toISOString()}>{timeOfDay(event.at)}</time>
            <span class={`kind kind-${event.kind}`}>{valueName('event:name', event.name)}</span>
            <span class="feed-what" title={event.page}>{event.page}{detail !== '' && <span class="soft"> {detail}</span>}</span>
            <span class="feed-who soft">{from.map((value, place) => (value === undefined ? '' : valueName(dimensions[place] ?? '', value))).filter((value) => value !== '').join(' · ')}</span>
          </li>
        );
      })}
    </ol>
  );
}

function Ranked({ title, dimension, answer }: { title: string; dimension: FilterDimension; answer: Answer | undefined }) {
  const { place } = useNavigation();
  const addFilter = useAddFilter();
  type Row = Answer['results'][number];
  const name = ({ dimensions: [value = ''] }: Row) => value;
  const visitors = ({ metrics: [value] }: Row) => Number(value);
  const rows = answer?.results ?? [];
  const most = Math.max(1, ...rows.map(visitors));
  return (
    <section class="panel" aria-label={title}>
      <header class="panel-head"><h2>{title}</h2></header>
      <div class="panel-body">
        {answer === undefined ? <Skeleton kind="rows" /> : rows.length === 0 ? <Empty title={words.nobody} hint="" /> : (
          <Table
            caption={title}
            head={{ title: dimensionName(dimension), value: name, show: (row) => valueName(dimension, name(row)) }}
            columns={[{ title: text.metrics.visitors, value: visitors, show: (row: Row) => brief(visitors(row)) }]}
            rows={rows.slice(0, 8)}
            bar={(row) => visitors(row) / most}
            isPicked={(row) => isFilteredBy(place.filters, dimension, name(row))}
            onPick={(row) => addFilter(['is', dimension, [name(row)]])}
          />
        )}
      </div>
    </section>
  );
}
