// What everything is filtered by.

import { useNavigation } from '../state/navigation.tsx';
import { text } from '../text/index.ts';
import { Conditions } from './conditions.tsx';
import { SegmentMenu } from './saved/segments.tsx';

export function FilterBar() {
  const { place, go } = useNavigation();
  return (
    <div class="filters" role="group" aria-label={text.filters.title}>
      <Conditions conditions={place.filters} onChange={(filters) => go({ filters })} />
      <SegmentMenu />
      {place.filters.length > 1 && <button type="button" class="button quiet" onClick={() => go({ filters: [] })}>{text.filters.clear}</button>}
    </div>
  );
}
