// A modal dialog: the browser's own, which keeps the focus in it and closes by Escape.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { text } from '../text/index.ts';

type DialogProps = {
  title: string;
  /** Whether it holds a form, which is narrower than a table. */
  isForm?: boolean;
  onClose: () => void;
  children: ComponentChildren;
};

export function Dialog({ title, isForm = false, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const onPress = (event: Event) => {
    if (event.target === dialog.current) onClose();
  };
  return (
    <dialog class={`dialog ${isForm ? 'dialog-form' : ''}`} ref={dialog} aria-label={title} onClose={onClose} onPointerDown={onPress}>
      <header class="panel-head">
        <h2>{title}</h2>
        <button type="button" class="icon-button" aria-label={text.actions.close} onClick={onClose}>×</button>
      </header>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}
