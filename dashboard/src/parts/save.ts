// Files out of what is on the screen.

export function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has taken the blob by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A file's name of any title: letters and digits of all scripts, and hyphens. */
export function fileName(title: string, ending: string): string {
  const name = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  return `${name === '' ? 'passerby' : name}.${ending}`;
}
