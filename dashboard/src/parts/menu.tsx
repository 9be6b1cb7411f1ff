// A button that opens a small panel below it: closed by Escape, by a press elsewhere, and when the focus leaves.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

type MenuProps = {
  label: ComponentChildren;
  /** What a screen reader says instead of the label. */
  name?: string;
  class?: string;
  align?: 'start' | 'end';
  children: (close: () => void) => ComponentChildren;
};

export function Menu({ label, name, class: look = 'button', align = 'start', children }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  useEffect(() => {
    if (!isOpen) return undefined;
    const onPress = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', onPress);
    return () => document.removeEventListener('pointerdown', onPress);
  }, [isOpen]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isOpen) return;
    event.stopPropagation();
    close();
  };
  const onFocusOut = (event: FocusEvent) => {
    if (event.relatedTarget !== null && !root.current?.contains(event.relatedTarget as Node)) setOpen(false);
  };
  return (
    <div class="menu" ref={root} onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
      <button ref={button} type="button" class={look} aria-expanded={isOpen} aria-label={name} onClick={() => setOpen(!isOpen)}>{label}</button>
      {isOpen && <div class={`menu-panel menu-${align}`}>{children(close)}</div>}
    </div>
  );
}

/** One of several choices in a menu. */
export function Choice({ isChosen, onChoose, children }: { isChosen: boolean; onChoose: () => void; children: ComponentChildren }) {
  return <button type="button" class="choice" aria-pressed={isChosen} onClick={onChoose}>{children}</button>;
}
