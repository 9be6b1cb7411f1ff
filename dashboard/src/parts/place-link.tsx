// A link to another place of the dashboard, so that it can be opened in another tab; followed without loading the page anew.

import type { ComponentChildren } from 'preact';
import { useNavigation } from '../state/navigation.tsx';
import { type Place, writePlace } from '../state/place.ts';

type PlaceLinkProps = {
  to: Place;
  isCurrent?: boolean;
  class?: string;
  /** What a screen reader says in place of what is shown. */
  name?: string;
  children: ComponentChildren;
};

export function PlaceLink({ to, isCurrent = false, class: look, name, children }: PlaceLinkProps) {
  const { go } = useNavigation();
  const onClick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(to);
  };
  return <a href={`/${writePlace(to)}`} class={look} aria-label={name} aria-current={isCurrent ? 'page' : undefined} onClick={onClick}>{children}</a>;
}
