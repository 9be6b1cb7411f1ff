// Conditions as chips that can be changed and taken away, and a form for one more.

import { useId, useState } from 'preact/hooks';
import type { FilterDimension } from '../../../edge-collector/api.d.ts';
import { scopeOf } from '../api/questions.ts';
import { useAnswer } from '../api/use-answer.tsx';
import { type Condition, type KnownDimension, type Operator, dimensions, isKnown, operators, propertyKey, segment, withCondition } from '../state/filters.ts';
import { useNavigation } from '../state/navigation.tsx';
import { dimensionName, valueName } from '../text/format.ts';
import { say, text } from '../text/index.ts';
import { Menu } from './menu.tsx';
import { SegmentChoices } from './saved/segments.tsx';

/** A condition in words. */
export function inWords([operator, dimension, values]: Condition): string {
  const key = propertyKey(dimension);
  const what = key === undefined ? dimensionName(dimension) : say(text.filters.property, { key });
  return `${what} ${text.filters[operator]} ${values.map((value) => valueName(dimension, value)).join(` ${text.filters.or} `)}`;
}

type ConditionsProps = {
  conditions: readonly Condition[];
  onChange: (conditions: readonly Condition[]) => void;
  /** Whether the values that the site has are offered. */
  suggests?: boolean;
};

export function Conditions({ conditions, onChange, suggests = true }: ConditionsProps) {
  const without = (condition: Condition) => conditions.filter((other) => other !== condition);
  return (
    <>
      {conditions.map((condition) => (
        <span class="chip" key={JSON.stringify(condition)}>
          <Menu label={inWords(condition)} name={say(text.filters.edit, { filter: inWords(condition) })} class="chip-text">
            {(close) => {
              const change = (next: readonly Condition[]) => { onChange(next); close(); };
              return condition[1] === segment
                ? <SegmentChoices conditions={conditions} onChange={change} />
                : <FilterForm suggests={suggests} initial={condition} onDone={(changed) => change(withCondition(without(condition), changed))} />;
            }}
          </Menu>
          <button type="button" class="chip-remove" aria-label={say(text.filters.remove, { filter: inWords(condition) })} onClick={() => onChange(without(condition))}>×</button>
        </span>
      ))}
      <Menu label={`+ ${text.filters.add}`} class="button quiet">
        {(close) => <FilterForm suggests={suggests} onDone={(added) => { onChange(withCondition(conditions, added)); close(); }} />}
      </Menu>
    </>
  );
}

function FilterForm({ initial, suggests, onDone }: { initial?: Condition; suggests: boolean; onDone: (condition: Condition) => void }) {
  const id = useId();
  const [operator, setOperator] = useState<Operator>(initial?.[0] ?? 'is');
  const [dimension, setDimension] = useState<FilterDimension>(initial === undefined || initial[1] === segment ? dimensions[0] : initial[1]);
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
      {suggests && <Suggestions id={id} dimension={dimension} />}
      <button type="submit" class="button primary">{initial === undefined ? text.filters.apply : text.dates.apply}</button>
    </form>
  );
}

/** The dimension's most frequent values in the period. */
function Suggestions({ id, dimension }: { id: string; dimension: FilterDimension }) {
  const { place } = useNavigation();
  const question = { ...scopeOf({ ...place, filters: [] }), metrics: ['visitors' as const], dimensions: [dimension], pagination: { limit: 100 } };
  const { value } = useAnswer(question, (client, asked, signal) => client.query(asked, signal));
  return (
    <datalist id={id}>
      {value?.results.map(({ dimensions: [name = ''] }) => <option key={name} value={name}>{valueName(dimension, name)}</option>)}
    </datalist>
  );
}
