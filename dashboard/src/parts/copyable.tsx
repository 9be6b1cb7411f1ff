// Text to be taken elsewhere as it stands, with a button that copies it.

import { useRef, useState } from 'preact/hooks';
import { say, text } from '../text/index.ts';

/** Each word stays in one line where it fits: an attribute is not broken at its hyphen. */
const inWords = (content: string) => content.split(/(\s+)/).map((part, at) => (at % 2 === 0 ? <span key={at}>{part}</span> : part));

/** Browsers let a page write to the clipboard over TLS and on localhost alone: elsewhere the text is selected, to be copied by hand. */
export function Copyable({ label, content }: { label: string; content: string }) {
  const code = useRef<HTMLElement>(null);
  const [isCopied, setCopied] = useState<boolean>();
  async function copy() {
    try {
      await navigator.clipboard.writeText(content);
      setCopied(true);
    } catch {
      if (code.current !== null) getSelection()?.selectAllChildren(code.current);
      setCopied(false);
    }
  }
  return (
    <div class="copyable">
      <pre tabIndex={0} role="group" aria-label={label}><code ref={code}>{inWords(content)}</code></pre>
      <button type="button" class="button small" aria-label={say(text.actions.copyThis, { what: label })} onClick={() => void copy()}>{text.actions.copy}</button>
      <span class="copyable-said soft" role="status">{isCopied === undefined ? '' : isCopied ? text.actions.copied : text.actions.selected}</span>
    </div>
  );
}
