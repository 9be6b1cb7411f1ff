// What everything is filtered by, as chips that can be changed and taken away, and a form for one more.

import { useId, useState } from 'preact/hooks';
import { scopeOf } from '../api/questions.ts';
import { useAnswer } from '../api/use-answer.tsx';
import { type Condition, type KnownDimension, type Operator, dimensions, isKnown, operators, propertyKey, withCondition } from '../state/filters.ts';
import { useNavigation } from '../state/navigation.tsx';
import { dimensionName, valueName } from '../text/format.ts';
import { say, text } from '../text/index.ts';
import { Menu } from './menu.tsx';

/** A condition in words. */
function inWords([operator, dimension, values]: Condition): string {
  const key = propertyKey(dimension);
  const what = key === undefined ? dimensionName(dimension) : say(text.filters.property, { key });
  return `${what} ${text.filters[operator]} ${values.map((value) => valueName(dimension, value)).join(` ${text.filters.or} `)}`;
}

export function FilterBar() {
  const { place, go } = useNavigation();
  const without = (condition: Condition) => place.filters.filter((other) => other !== condition);
  return (
    <div class="filters" role="group" aria-label={text.filters.title}>
      {place.filters.map((condition) => (
        <span class="chip" key={JSON.stringify(condition)}>
          <Menu label={inWords(condition)} name={say(text.filters.edit, { filter: inWords(condition) })} class="chip-text">
            {(close) => <FilterForm initial={condition} onDone={(changed) => { go({ filters: withCondition(without(condition), changed) }); close(); }} />}
          </Menu>
          <button type="button" class="chip-remove" aria-label={say(text.filters.remove, { filter: inWords(condition) })} onClick={() => go({ filters: without(condition) })}>×</button>
        </span>
      ))}
      <Menu label={`+ ${text.filters.add}`} class="button quiet">
        {(close) => <FilterForm onDone={(added) => { go({ filters: withCondition(place.filters, added) }); close(); }} />}
      </Menu>
      {place.filters.length > 1 && <button type="button" class="button quiet" onClick={() => go({ filters: [] })}>{text.filters.clear}</button>}
    </div>
  );
}

function FilterForm({ initial, onDone }: { initial?: Condition; onDone: (condition: Condition) => void }) {
  const id = useId();
  const [operator, setOperator] = useState<Operator>(initial?.[0] ?? 'is');
  const [dimension, setDimension] = useState(initial?.[1] ?? dimensions[0]);
  const [value, setValue] = useState(initial?.[2].join(' | ') ?? '');
  const values = value.split(' | ').map((part) => part.trim()).filter((part) => part !== '');
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (values.length > 0) onDone([operator, dimension, values]);
  };
  return (
    <form class="form" onSubmit={onSubmit}>
      <label>{text.filters.dimension}
        <select value={dimension} onChange={(event) => setDimension(event.currentTarget.value as KnownDimension)}>
          {!isKnown(dimension) && <option value={dimension}>{dimensionName(dimension)}</option>}
          {dimensions.map((name) => <option key={name} value={name}>{text.dimensions[name]}</option>)}
        </select>
      </label>
      <label>{text.filters.operator}
        <select value={operator} onChange={(event) => setOperator(event.currentTarget.value as Operator)}>
          {operators.map((name) => <option key={name} value={name}>{text.filters[name]}</option>)}
        </select>
      </label>
      <label>{text.filters.values}
        <input value={value} list={id} autocomplete="off" required onInput={(event) => setValue(event.currentTarget.value)} />
      </label>
      <Suggestions id={id} dimension={dimension} />
      <button type="submit" class="button primary">{initial === undefined ? text.filters.apply : text.dates.apply}</button>
    </form>
  );
}

/** The dimension's most frequent values in the period. */
function Suggestions({ id, dimension }: { id: string; dimension: Condition[1] }) {
  const { place } = useNavigation();
  const question = { ...scopeOf({ ...place, filters: [] }), metrics: ['visitors' as const], dimensions: [dimension], pagination: { limit: 100 } };
  const { value } = useAnswer(question, (client, asked, signal) => client.query(asked, signal));
  return (
    <datalist id={id}>
      {value?.results.map(({ dimensions: [name = ''] }) => <option key={name} value={name}>{valueName(dimension, name)}</option>)}
    </datalist>
  );
}
