// Which time is looked at, and what it is compared with.

import { useState } from 'preact/hooks';
import { type Dates, type Range, comparisons, dateMs, presets, shifted } from '../state/dates.ts';
import { useNavigation } from '../state/navigation.tsx';
import { dates } from '../text/format.ts';
import { say, text } from '../text/index.ts';
import { Choice, Menu } from './menu.tsx';

export function rangeName(range: Range): string {
  return typeof range === 'string' ? text.dates[range] : dates(range);
}

/** `shown` are the dates that the collector understood, once it has answered: only it knows the site's today. */
export function DateBar({ shown, canCompare }: { shown: Dates | undefined; canCompare: boolean }) {
  const { place, go } = useNavigation();
  const name = rangeName(place.range);
  const step = (by: -1 | 1) => shown !== undefined && go({ range: shifted(shown, by) });
  const canStep = shown !== undefined && place.range !== 'all';
  return (
    <div class="dates">
      <div class="joined">
        <button type="button" class="button" aria-label={text.dates.earlier} disabled={!canStep} onClick={() => step(-1)}>‹</button>
        <Menu label={name} name={say(text.dates.choose, { range: name })} align="end">
          {(close) => (
            <>
              {presets.map((preset) => (
                <Choice key={preset} isChosen={place.range === preset} onChoose={() => { go({ range: preset }); close(); }}>{text.dates[preset]}</Choice>
              ))}
              <CustomRange initial={typeof place.range === 'string' ? shown : place.range} onDone={(range) => { go({ range }); close(); }} />
            </>
          )}
        </Menu>
        <button type="button" class="button" aria-label={text.dates.later} disabled={!canStep} onClick={() => step(1)}>›</button>
      </div>
      {canCompare && (
        <Menu label={text.dates[place.compare]} name={say(text.dates.comparison, { comparison: text.dates[place.compare] })} align="end">
          {(close) => comparisons.map((comparison) => (
            <Choice key={comparison} isChosen={place.compare === comparison} onChoose={() => { go({ compare: comparison }); close(); }}>{text.dates[comparison]}</Choice>
          ))}
        </Menu>
      )}
    </div>
  );
}

function CustomRange({ initial, onDone }: { initial: Dates | undefined; onDone: (range: Dates) => void }) {
  const [first, setFirst] = useState(initial?.[0] ?? '');
  const [last, setLast] = useState(initial?.[1] ?? '');
  const isRange = dateMs(first) <= dateMs(last);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (isRange) onDone([first, last]);
  };
  return (
    <form class="form ruled" onSubmit={onSubmit} aria-label={text.dates.custom}>
      <label>{text.dates.first}<input type="date" value={first} max={last} required onInput={(event) => setFirst(event.currentTarget.value)} /></label>
      <label>{text.dates.last}<input type="date" value={last} min={first} required onInput={(event) => setLast(event.currentTarget.value)} /></label>
      <button type="submit" class="button primary" disabled={!isRange}>{text.dates.apply}</button>
    </form>
  );
}
