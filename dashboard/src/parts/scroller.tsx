// What is wider than a phone, to be scrolled sideways by finger or, once it has the focus, by arrow keys.

import type { ComponentChildren } from 'preact';

export function Scroller({ label, children }: { label: string; children: ComponentChildren }) {
  return <div class="scroller" role="group" aria-label={label} tabIndex={0}>{children}</div>;
}
