// A key as it was made: the one time that it is shown.

import { useEffect, useRef } from 'preact/hooks';
import type { MadeKey } from '../../../../../edge-collector/api.d.ts';
import { Copyable } from '../../../parts/copyable.tsx';
import { say } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';

const { keys: text } = words;

export function MadeKeyShown({ made, onDone }: { made: MadeKey; onDone: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [made.id]);
  return (
    <div class="made-key" ref={box} tabIndex={-1} role="group" aria-label={say(text.madeTitle, { name: made.name })}>
      <p><strong>{say(text.madeTitle, { name: made.name })}</strong> {text.once}</p>
      <Copyable label={made.link === undefined ? text.theKey : text.theLink} content={made.link ?? made.key} />
      <button type="button" class="button small" onClick={onDone}>{text.done}</button>
    </div>
  );
}
