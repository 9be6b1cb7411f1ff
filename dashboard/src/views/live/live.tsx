// What is happening right now.

import type { VNode } from 'preact';
import type { FilterDimension, LiveCount, RecentEvent } from '../../../../edge-collector/api.d.ts';
import { minutesShown, perMinute, useFiltered, useMinutes, useWatched } from '../../api/live.ts';
import { Minutes } from '../../charts/minutes.tsx';
import { Moving } from '../../charts/moving.tsx';
import { ExportMenu } from '../../parts/panel.tsx';
import { Empty, Skeleton } from '../../parts/states.tsx';
import { pngOf } from '../../parts/svg-exports.ts';
import { Table, saveTable } from '../../parts/table.tsx';
import { asFilters, isFilteredBy } from '../../state/filters.ts';
import { useAddFilter, useNavigation } from '../../state/navigation.tsx';
import { brief, count, dimensionName, none, timeOfDay, valueName } from '../../text/format.ts';
import { say, text } from '../../text/index.ts';
import { saveEvents, saveMinutes } from './saving.ts';

const words = text.live;

export function Live() {
  const { place } = useNavigation();
  const filters = asFilters(place.filters);
  const { scene, isConnected, leftOut } = useWatched(place.site);
  const { value: last } = useMinutes(place.site, filters);
  const filtered = useFiltered(place.site, filters);
  const lists = filters.length === 0 ? scene : filtered.value;
  const isLost = !isConnected || (filters.length > 0 && !filtered.isConnected);
  const ofMinutes = say(words.minutes, { count: String(minutesShown) });
  return (
    <div class="stack">
      {isLost && <p class="remark" role="status">{words.lost}</p>}
      {scene !== undefined && scene.failed_shards.length > 0 && <p class="remark" role="status">{text.states.incomplete}</p>}
      <section class="panel live-now" aria-label={words.title}>
        <div class="live-count">
          <strong aria-live="polite">{scene === undefined ? none : `${brief(scene.visitors)}${scene.and_more ? '+' : ''}`}</strong>
          <span class="soft">{words.visitors}</span>
          <Moving value={scene?.visitors} label={words.line} />
        </div>
        <section class="live-minutes" aria-label={ofMinutes}>
          <header>
            <h2>{ofMinutes}</h2>
            {last !== undefined && <ExportMenu title={ofMinutes} files={[pngOf(ofMinutes), { label: text.actions.csv, run: () => saveMinutes(ofMinutes, last) }]} />}
          </header>
          {last === undefined ? <div class="skeleton"><i class="minutes-space" /></div> : <Minutes values={perMinute(last).map(({ visitors }) => visitors)} label={ofMinutes} />}
        </section>
      </section>
      <div class="grid live-grid">
        <section class="panel" aria-label={words.events}>
          <header class="panel-head">
            <h2>{words.events}</h2>
            {leftOut > 0 && <span class="soft">{say(words.leftOut, { count: count(leftOut) })}</span>}
            {lists !== undefined && lists.events.length > 0 && <ExportMenu title={words.events} files={[{ label: text.actions.csv, run: () => saveEvents(lists.events) }]} />}
          </header>
          <div class="panel-body">
            {lists === undefined ? <Skeleton kind="rows" /> : lists.events.length === 0 ? <Empty title={words.quiet} hint={words.quietHint} /> : <Feed events={lists.events} />}
          </div>
        </section>
        <div class="stack">
          <Ranked title={words.pages} dimension="event:page" counts={lists?.pages} />
          <Ranked title={words.sources} dimension="visit:source" counts={lists?.sources} />
          <Ranked title={words.countries} dimension="visit:country" counts={lists?.countries} />
          <Ranked title={words.devices} dimension="visit:device" counts={lists?.devices} />
        </div>
      </div>
    </div>
  );
}

/** What is the same in no two events. */
const keyOf = ({ at_ms, visitor, kind, name, page }: RecentEvent) => [at_ms, visitor, kind, name, page].join(' ');

/** Events as they are shown: one that is shown already is not looked at again, however often others come. */
const rows = new WeakMap<RecentEvent, VNode>();

function rowOf(event: RecentEvent): VNode {
  const known = rows.get(event) ?? row(event);
  rows.set(event, known);
  return known;
}

function row(event: RecentEvent): VNode {
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
}

function Feed({ events }: { events: readonly RecentEvent[] }) {
  return <ol class="feed" tabIndex={0} aria-label={words.events}>{events.map(rowOf)}</ol>;
}

function Ranked({ title, dimension, counts }: { title: string; dimension: FilterDimension; counts: readonly LiveCount[] | undefined }) {
  const { place } = useNavigation();
  const addFilter = useAddFilter();
  const name = (row: LiveCount) => row.name;
  const visitors = (row: LiveCount) => row.visitors;
  const rows = (counts ?? []).slice(0, 8);
  const most = Math.max(1, ...rows.map(visitors));
  const table = {
    caption: title,
    head: { title: dimensionName(dimension), value: name, show: (row: LiveCount) => valueName(dimension, name(row)) },
    columns: [{ title: text.metrics.visitors, value: visitors, show: (row: LiveCount) => brief(visitors(row)) }],
    rows,
  };
  return (
    <section class="panel" aria-label={title}>
      <header class="panel-head">
        <h2>{title}</h2>
        {rows.length > 0 && <ExportMenu title={title} files={[{ label: text.actions.csv, run: () => saveTable(table) }]} />}
      </header>
      <div class="panel-body">
        {counts === undefined ? <Skeleton kind="rows" /> : rows.length === 0 ? <Empty title={words.nobody} hint="" /> : (
          <Table
            {...table}
            bar={(row) => visitors(row) / most}
            isPicked={(row) => isFilteredBy(place.filters, dimension, name(row))}
            onPick={(row) => addFilter(['is', dimension, [name(row)]])}
          />
        )}
      </div>
    </section>
  );
}
