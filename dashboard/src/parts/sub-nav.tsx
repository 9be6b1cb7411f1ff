// The parts of a view, one of which is shown: links, so that each has an address.

import { useLayoutEffect, useRef } from 'preact/hooks';
import { useNavigation } from '../state/navigation.tsx';
import { writePlace } from '../state/place.ts';

/** `names` with their titles; the first is shown where the address names none. */
export function SubNav({ label, names, shown }: { label: string; names: readonly (readonly [name: string, title: string])[]; shown: string }) {
  const { place, go } = useNavigation();
  const current = useRef<HTMLAnchorElement>(null);
  // On a phone there are more than fit.
  useLayoutEffect(() => current.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' }), [shown]);
  return (
    <nav class="reports" aria-label={label}>
      {names.map(([name, title], at) => {
        const there = { ...place, options: at === 0 ? {} : { show: name } };
        return (
          <a
            key={name}
            ref={name === shown ? current : null}
            href={`/${writePlace(there)}`}
            aria-current={name === shown ? 'page' : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              go(there);
            }}
          >{title}</a>
        );
      })}
    </nav>
  );
}
