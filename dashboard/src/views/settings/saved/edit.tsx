// A button that opens a form in a dialog.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Dialog } from '../../../parts/dialog.tsx';

type EditProps = { label: string; name: string; title: string; children: (close: () => void) => ComponentChildren };

export function Edit({ label, name, title, children }: EditProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="button quiet small" aria-haspopup="dialog" aria-label={name} onClick={() => setOpen(true)}>{label}</button>
      {isOpen && <Dialog isForm title={title} onClose={() => setOpen(false)}>{children(() => setOpen(false))}</Dialog>}
    </>
  );
}
