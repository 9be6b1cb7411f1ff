// The site's funnels. They are made and changed where they are looked at.

import type { Entry } from '../../../api/saved.tsx';
import { PlaceLink } from '../../../parts/place-link.tsx';
import { funnelInWords } from '../../../parts/saved/in-words.ts';
import { useNavigation } from '../../../state/navigation.tsx';
import { asOptions } from '../../../state/steps.ts';
import { say } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';
import { Lines, SavedList } from './list.tsx';

const { saved: text } = words;

export function Funnels() {
  return (
    <SavedList
      kind="funnels"
      title={text.funnels}
      lead={text.funnelsLead}
      nameOf={({ name }) => name}
      columns={[
        { title: words.common.name, value: ({ name }) => name },
        { title: text.steps, value: ({ value }) => funnelInWords(value).join(', '), show: ({ value }) => <Lines lines={funnelInWords(value)} /> },
      ]}
      actions={(entry) => <OpenFunnel {...entry} />}
    />
  );
}

function OpenFunnel({ name, value }: Entry<'funnels'>) {
  const { place } = useNavigation();
  return <PlaceLink class="button quiet small" to={{ ...place, view: 'behaviour', options: asOptions(value) }} name={say(text.openThis, { name })}>{text.open}</PlaceLink>;
}
