// Filters of all questions about a site. Those that chips cannot show stay as they are, and can be taken out.

import type { Filter } from '../../../../../edge-collector/api.d.ts';
import { Conditions, inWords } from '../../../parts/conditions.tsx';
import { asFilters, readCondition } from '../../../state/filters.ts';
import { say, text } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';
import { Setting } from './setting.tsx';

const { site } = words;

export function FiltersSetting({ value }: { value: readonly Filter[] }) {
  return (
    <Setting
      title={site.filters}
      hint={site.filtersHint}
      value={value}
      control={(draft, edit) => <Editor filters={draft} onChange={edit} />}
      shown={(filters) => (filters.length === 0 ? <p class="soft">{site.noFilters}</p> : <ul class="values">{filters.map((filter) => <li key={JSON.stringify(filter)}>{named(filter)}</li>)}</ul>)}
      change={(filters) => ({ filters: [...filters] })}
    />
  );
}

const written = (filter: Filter) => JSON.stringify(filter);
const conditionOf = (filter: Filter) => readCondition(written(filter));

function named(filter: Filter): string {
  const condition = conditionOf(filter);
  return condition === undefined ? written(filter) : inWords(condition);
}

function Editor({ filters, onChange }: { filters: readonly Filter[]; onChange: (filters: readonly Filter[]) => void }) {
  const conditions = filters.map(conditionOf).filter((condition) => condition !== undefined);
  const others = filters.filter((filter) => conditionOf(filter) === undefined);
  return (
    <div class="filters">
      {others.map((filter) => (
        <span class="chip" key={written(filter)}>
          <span class="chip-text">{written(filter)}</span>
          <button type="button" class="chip-remove" aria-label={say(text.filters.remove, { filter: written(filter) })} onClick={() => onChange(filters.filter((other) => other !== filter))}>×</button>
        </span>
      ))}
      <Conditions conditions={conditions} onChange={(next) => onChange([...others, ...asFilters(next)])} />
    </div>
  );
}
