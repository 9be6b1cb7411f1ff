// The site's segments. They are made and changed where filters are: in the bar above every view.

import type { Entry } from '../../../api/saved.tsx';
import { PlaceLink } from '../../../parts/place-link.tsx';
import { filtersInWords } from '../../../parts/saved/in-words.ts';
import { segment } from '../../../state/filters.ts';
import { useNavigation } from '../../../state/navigation.tsx';
import { asConditions } from '../../../state/segments.ts';
import { say } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';
import { Lines, SavedList } from './list.tsx';

const { saved: text } = words;

export function Segments() {
  return (
    <SavedList
      kind="segments"
      title={text.segments}
      lead={text.segmentsLead}
      nameOf={({ name }) => name}
      columns={[
        { title: words.common.name, value: ({ name }) => name },
        { title: text.filters, value: ({ value }) => filtersInWords(value).join(', '), show: ({ value }) => <Lines lines={filtersInWords(value)} /> },
      ]}
      actions={(entry, mayChange) => <OpenSegment entry={entry} mayChange={mayChange} />}
    />
  );
}

/** With its filters one by one, so that they can be changed and saved again; those that no chip can show, by the segment's name. */
function OpenSegment({ entry: { name, value }, mayChange }: { entry: Entry<'segments'>; mayChange: boolean }) {
  const { place } = useNavigation();
  const filters = (mayChange ? asConditions(value) : undefined) ?? [['is', segment, [name]] as const];
  return <PlaceLink class="button quiet small" to={{ ...place, view: 'overview', filters, options: {} }} name={say(text.openThis, { name })}>{text.open}</PlaceLink>;
}
