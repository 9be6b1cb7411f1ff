// A press that is asked about before it does what cannot be undone.

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { text } from '../text/index.ts';

type ConfirmProps = {
  label: string;
  /** What a screen reader says in place of the label: among many such buttons, which one. */
  name: string;
  question: string;
  isBusy: boolean;
  onConfirm: () => void;
};

export function Confirm({ label, name, question, isBusy, onConfirm }: ConfirmProps) {
  const [isAsked, setAsked] = useState(false);
  const first = useRef<HTMLButtonElement>(null);
  const wasAsked = useRef(false);
  // The focus goes to what took the place of what was pressed.
  useLayoutEffect(() => {
    if (isAsked || wasAsked.current) first.current?.focus();
    wasAsked.current = isAsked;
  }, [isAsked]);
  if (!isAsked) return <button ref={first} type="button" class="button quiet small" aria-label={name} onClick={() => setAsked(true)}>{label}</button>;
  const onKeyDown = (event: KeyboardEvent) => event.key === 'Escape' && setAsked(false);
  return (
    <span class="confirm" role="group" aria-label={question} onKeyDown={onKeyDown}>
      <button ref={first} type="button" class="button small bad" disabled={isBusy} aria-label={question} onClick={onConfirm}>{label}</button>
      <button type="button" class="button quiet small" onClick={() => setAsked(false)}>{text.actions.cancel}</button>
    </span>
  );
}
