// The parts of a view, one of which is shown: links, so that each has an address.

import { useLayoutEffect, useRef } from 'preact/hooks';
import { useNavigation } from '../state/navigation.tsx';
import { PlaceLink } from './place-link.tsx';

/** `names` with their titles; the first is shown where the address names none. */
export function SubNav({ label, names, shown }: { label: string; names: readonly (readonly [name: string, title: string])[]; shown: string }) {
  const { place } = useNavigation();
  const links = useRef<HTMLElement>(null);
  // On a phone there are more than fit.
  useLayoutEffect(() => links.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }), [shown]);
  return (
    <nav class="reports" aria-label={label} ref={links}>
      {names.map(([name, title], at) => (
        <PlaceLink key={name} to={{ ...place, options: at === 0 ? {} : { show: name } }} isCurrent={name === shown}>{title}</PlaceLink>
      ))}
    </nav>
  );
}
