// A name for an element that stays the same from load to load: the way down to it from the nearest id that a person
// gave, `#cart>li:3>button`.

/** The contract's limit for names, in bytes. */
const MAX_BYTES = 200;

/** Frameworks number their ids (`ember412`) or mark them with colons (`:r1:`), anew at each load. */
const FLEETING = /^$|\d{3}|:/;

/** The element's path. Cut off at its upper end where it would be too long. */
export const pathOf = (element: Element): string => {
  let path = '';
  for (let current: Element | null = element; current; current = current.parentElement) {
    const name = current.localName;
    const id = current.getAttribute('id') ?? '';
    let step = '#' + id;
    let isTop = true;
    if (FLEETING.test(id)) {
      step = name;
      isTop = name === 'body' || name === 'html';
      if (isTop && path) break;
      if (!isTop) {
        // Which one it is among its parent's children with this tag.
        let place = 1;
        for (let s = current.previousElementSibling; s; s = s.previousElementSibling) if (s.localName === name) place++;
        if (place > 1) step += ':' + place;
      }
    }
    if (path) step += '>' + path;
    if (new TextEncoder().encode(step).length > MAX_BYTES) break;
    path = step;
    if (isTop) break;
  }
  return path;
};
