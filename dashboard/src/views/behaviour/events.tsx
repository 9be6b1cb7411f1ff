// What happened, by name, and with which properties.

import type { PropertiesAnswer, PropertyRow } from '../../../../edge-collector/api.d.ts';
import { scopeOf } from '../../api/questions.ts';
import { type Answered, useAnswer } from '../../api/use-answer.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Table, saveTable } from '../../parts/table.tsx';
import { isFilteredBy, ofProperty } from '../../state/filters.ts';
import { useAddFilter, useNavigation } from '../../state/navigation.tsx';
import { brief, decimal, minorMoney, valueName } from '../../text/format.ts';
import { say, text } from '../../text/index.ts';

const words = text.behaviour;
type Row = PropertyRow;

export function EventsReport() {
  const { place, go } = useNavigation();
  const { event, key } = place.options;
  const names = useAnswer({ ...scopeOf(place), metrics: ['events' as const, 'visitors' as const], dimensions: ['event:name' as const], pagination: { limit: 200 } }, async (client, asked, signal) => {
    const { results } = await client.query(asked, signal);
    return { rows: results.map(({ dimensions: [value = ''], metrics: [events, visitors] }) => ({ value, events: Number(events), visitors: Number(visitors) })) };
  });
  const scope = { ...scopeOf(place), limit: 200, ...(event === undefined ? {} : { event }) };
  const keys = useAnswer(scope, (client, asked, signal) => client.report('properties', asked, signal));
  const chosen = key ?? keys.value?.rows[0]?.value;
  const values = useAnswer(chosen === undefined ? undefined : { ...scope, key: chosen }, (client, asked, signal) => client.report('properties', asked, signal));
  const choose = (options: Record<string, string>) => go({ options: { ...place.options, ...options } });
  return (
    <div class="grid">
      <Counted title={words.events} head={text.dimensions['event:name']} answered={names} isPicked={(value) => value === event} pickTitle={(value) => say(words.propertiesOf, { event: value })} onPick={(value) => choose({ event: value === event ? '' : value, key: '' })} show={(value) => valueName('event:name', value)} />
      <div class="stack">
        <Counted title={event === undefined ? words.properties : say(words.propertiesOf, { event: valueName('event:name', event) })} head={words.property} answered={keys} emptyTitle={words.noProperties} emptyHint={words.noPropertiesHint} isPicked={(value) => value === chosen} pickTitle={(value) => say(words.valuesOf, { key: value })} onPick={(value) => choose({ key: value })} />
        {chosen !== undefined && (keys.value?.rows.length ?? 0) > 0 && <Values name={chosen} answered={values} />}
      </div>
    </div>
  );
}

function Values({ name, answered }: { name: string; answered: Answered<PropertiesAnswer> }) {
  const { place } = useNavigation();
  const addFilter = useAddFilter();
  const numeric = answered.value?.numeric;
  const amounts = answered.value?.amounts ?? [];
  const numbers = [
    ...(numeric === null || numeric === undefined ? [] : [say(words.numeric, { sum: decimal(numeric.sum), average: decimal(numeric.average), min: decimal(numeric.min), max: decimal(numeric.max) })]),
    ...amounts.map(({ currency, sum_minor }) => say(words.sum, { sum: minorMoney(sum_minor, currency) })),
  ];
  return (
    <Counted title={say(words.valuesOf, { key: name })} head={words.value} answered={answered} isPicked={(value) => isFilteredBy(place.filters, ofProperty(name), value)} onPick={(value) => addFilter(['is', ofProperty(name), [value]])} note={numbers.join(' · ')} />
  );
}

type CountedProps = {
  title: string;
  head: string;
  answered: Answered<{ rows: Row[] }>;
  show?: (value: string) => string;
  isPicked: (value: string) => boolean;
  pickTitle?: (value: string) => string;
  onPick: (value: string) => void;
  note?: string;
  emptyTitle?: string;
  emptyHint?: string;
};

/** Names with how many events and visitors they had. */
function Counted({ title, head, answered, show, isPicked, pickTitle, onPick, note = '', emptyTitle, emptyHint }: CountedProps) {
  const table = ({ rows }: { rows: Row[] }) => ({
    caption: title,
    head: { title: head, value: ({ value }: Row) => value, ...(show === undefined ? {} : { show: ({ value }: Row) => show(value) }) },
    columns: [
      { title: text.metrics.events, value: ({ events }: Row) => events, show: ({ events }: Row) => brief(events) },
      { title: text.metrics.visitors, value: ({ visitors }: Row) => visitors, show: ({ visitors }: Row) => brief(visitors) },
    ],
    rows,
  });
  return (
    <Panel title={title} class="flow" answered={answered} isEmpty={({ rows }) => rows.length === 0} emptyTitle={emptyTitle} emptyHint={emptyHint} skeleton="rows" exports={(answer) => [{ label: text.actions.csv, run: () => saveTable(table(answer)) }]}>
      {(answer) => {
        const most = Math.max(1, ...answer.rows.map(({ events }) => events));
        return (
          <>
            {note !== '' && <p class="soft">{note}</p>}
            <Table {...table(answer)} bar={({ events }) => events / most} isPicked={({ value }) => isPicked(value)} {...(pickTitle === undefined ? {} : { pickTitle: ({ value }: Row) => pickTitle(value) })} onPick={({ value }) => onPick(value)} />
          </>
        );
      }}
    </Panel>
  );
}
