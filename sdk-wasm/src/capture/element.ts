// What an element is called: a path that stays the same from load to load, the way down from the nearest id that a person
// gave, `#cart>li:3>button`; and a label.

/** The contract's limit for names, in bytes. */
const MAX_BYTES = 200;

/** Beyond so many siblings a place says little, and counting on would cost a long list's clicks time. */
const MAX_PLACE = 200;

/** Frameworks number their ids (`ember412`) or mark them with colons (`:r1:`), anew at each load. */
export const FLEETING = /^$|\d{3}|:/;

/** What holds text that its visitor wrote or chose, or that is not to be named; and style sheets. */
const UNNAMED = 'input,select,textarea,[contenteditable],[data-passerby-ignore],style';

const MAX_CHARS = 40;

/**
 * What an element says of itself, where a form that has a field of that name would say something else. All others are asked
 * directly, which takes a fraction of the time.
 */
export const own = <Name extends keyof Element>(element: Element, name: Name): Element[Name] =>
  element instanceof HTMLFormElement ? (Reflect.get(Element.prototype, name, element) as Element[Name]) : element[name];

export const attribute = (element: Element, name: string): string => own(element, 'getAttribute').call(element, name) ?? '';

const hostOf = (node: Node): Element | null => (node instanceof ShadowRoot ? node.host : null);

/** The nearest that matches, of the element and what holds it, out of shadow trees too. */
export const nearest = (element: Element | null, selector: string): Element | null =>
  element &&
  (own(element, 'closest').call(element, selector) ?? nearest(hostOf(own(element, 'getRootNode').call(element)), selector));

/** The element's path. Cut off at its upper end where it would be too long. */
export const pathOf = (element: Element): string => {
  let path = '';
  for (let current: Element | null = element; current; ) {
    const name = own(current, 'localName');
    const id = own(current, 'id');
    let step = '#' + id;
    let isTop = true;
    if (FLEETING.test(id)) {
      step = name;
      isTop = name === 'body' || name === 'html';
      if (isTop && path) break;
      if (!isTop) {
        // Which one it is among its parent's children with this tag.
        let place = 1;
        for (let s = own(current, 'previousElementSibling'); s && place < MAX_PLACE; s = s.previousElementSibling) {
          if (s.localName === name) place++;
        }
        if (place > 1) step += ':' + place;
      }
    }
    if (path) step += '>' + path;
    // A character is at most three bytes; most paths need no counting.
    if (step.length * 3 > MAX_BYTES && new TextEncoder().encode(step).length > MAX_BYTES) break;
    path = step;
    if (isTop) break;
    current = own(current, 'parentElement') ?? hostOf(own(current, 'parentNode')!);
  }
  return path;
};

/** The beginning of what the element says, on one line; nothing that a visitor wrote. */
export const labelOf = (element: Element): string => {
  let text = '';
  if (!nearest(element, UNNAMED)) {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    // A few long texts or many short ones: neither may take long.
    for (let i = 0; i < MAX_CHARS && texts.nextNode(); i++) {
      const node = texts.currentNode as Text;
      if (!nearest(node.parentElement, UNNAMED)) text += node.substringData(0, 8 * MAX_CHARS);
    }
  }
  return [...text.trim().replace(/\s+/g, ' ')].slice(0, MAX_CHARS).join('');
};
