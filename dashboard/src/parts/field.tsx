// A control of a form with what it is called and, beside that and not in it, what there is to know of it.

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

type FieldProps = { label: string; hint: string; children: (attributes: { id: string; 'aria-describedby': string }) => ComponentChildren };

export function Field({ label, hint, children }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}hint` })}
      <small id={`${id}hint`}>{hint}</small>
    </div>
  );
}
