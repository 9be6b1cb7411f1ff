// The contract's kinds, and what is left of an event that the page, its owner or the owner's hook made: only what the
// contract has. One wrong field would cost the whole batch.

import type { Kind } from '../../npm-package/src/loader/calls.ts';

/** An event that keeps the contract. */
export type Shaped = {
  kind: Kind;
  /** What `Given::told` reads: the fields as they stand on the wire. For a text, TEXT stands here and the text there. */
  numbers: number[];
  texts: string[];
};

const TEXT = -2;
const FLOAT = -1;

/** Fields, see below. */
const PRODUCT = 'id name:512 brand category variant price:$';
const ITEM = 'product:& quantity:+';

/**
 * Each kind and its fields, in the order of the contract. A field is a text of 200 bytes if nothing else is said, or of so
 * many; `:1`, `:2` and `:4` are whole numbers of so many bytes, `:+` is one from 1 on, `:-` one of either sign, `:?` one
 * that may be missing; `:!` is money, 0 where there is none, `:$` money that may be missing, `:&` a product, `:@` a list of
 * items, `:*` properties, `:a,b` one of these names.
 */
const KINDS = `pageview path:2048 host:253 query:2048 title:512 referrer:2048 trigger:load,push,replace,pop,hash,restore,manual props:*
engagement visible_ms:4 scroll_percent:1
click element text x_myriad:2 y_myriad:2 flags:1
outbound url:2048 text
download url:2048
form_start form field
form_submit form
form_abandon form field
search terms:512 results:?
custom name props:*
passive_custom name props:*
product_view ${PRODUCT}
cart_add ${ITEM}
cart_remove ${ITEM}
checkout step:1 name value:$
order id total:! tax_minor:- shipping_minor:- discount_minor:- coupon items:@
refund order amount:$ items:@
identify user traits:*
vital name:LCP,INP,CLS,FCP,TTFB value:4
script_error message:512 source:2048 line:4 column:4
resize 0:2 1:2`.split('\n');

/** The contract takes so many at the most; what comes after them is left out. */
const MAX_ITEMS = 200;
const MAX_PROPS = 30;

/** What a byte, two and four hold. A byte stands as it is on the wire, larger numbers take their highest bit for more to come. */
const MAX: Record<string, number> = { 1: 127, 2: 65_535, 4: 2 ** 32 - 1 };

/** The beginning of a text, cut between characters. Halves of characters give way to U+FFFD. */
const cut = (text: string, bytes: number): string =>
  new TextDecoder().decode(new TextEncoder().encode(text.replace(/\0/g, '')).subarray(0, bytes), { stream: true });

/** The event as the contract has it; nothing, where it is of no kind that the contract has. */
export const shape = (given: Kind): Shaped | undefined => {
  const texts: string[] = [];
  const numbers: number[] = [];

  const text = (value: unknown, bytes = 200) => {
    // What an object says as a text says nothing.
    const said = value == null || Object(value) === value ? '' : cut(String(value), bytes);
    texts.push(said);
    numbers.push(TEXT);
    return said || undefined;
  };
  const put = (number: number) => {
    numbers.push(number);
    return number;
  };
  const whole = (value: unknown, min: number, max: number) => Math.min(Math.max(Math.round(Number(value)) || 0, min), max);
  /** Signs go to the lowest bit on the wire. */
  const signed = (number: number) => put(number < 0 ? -2 * number - 1 : 2 * number);
  const isMoney = (value: any) => Math.abs(value?.amount_minor) <= 1e15 && value.amount_minor % 1 === 0 && /^[A-Z]{3}$/.test(value.currency);
  const money = ({ amount_minor, currency }: any) => {
    signed(amount_minor);
    for (const letter of currency) put(letter.charCodeAt(0));
    return { amount_minor, currency };
  };
  const props = (value: any) => {
    const kept: Kind = {};
    const place = numbers.length;
    put(0);
    for (const name of Object.keys(value ?? {})) {
      try {
        const one = value[name];
        // A name must stay another than the others.
        if (numbers[place] === MAX_PROPS || !name || cut(name, 200) !== name) continue;
        const type = isMoney(one) ? 4 : ['string', 'number', 'number', 'boolean'].indexOf(typeof one);
        if (type < 0 || (type === 1 && !Number.isFinite(one))) continue;
        numbers[place]!++;
        text(name);
        const isFraction = type === 1 && !(Number.isInteger(one) && Math.abs(one) < 2 ** 52);
        put(isFraction ? 2 : type);
        kept[name] =
          type > 3 ? money(one)
          : !type ? text(one, 512)
          : type > 2 ? !!put(+one)
          : isFraction ? numbers.push(FLOAT, one) && one
          : signed(one) && one;
      } catch {
        // One that cannot be read is none.
      }
    }
    return kept;
  };
  const items = (value: unknown) => {
    const named = Array.isArray(value) ? value.filter((item) => item?.product?.id).slice(0, MAX_ITEMS) : [];
    put(named.length);
    return named.map((item) => fields(ITEM, item));
  };
  const field = (mark: string | undefined, value: any): unknown => {
    switch (mark) {
      case '!':
        return money(isMoney(value) ? value : { amount_minor: 0, currency: 'XXX' });
      case '$':
        return put(+isMoney(value)) ? money(value) : undefined;
      case '*':
        return props(value);
      case '&':
        return fields(PRODUCT, value);
      case '@':
        return items(value);
      case '-':
        return signed(whole(value, -1e15, 1e15)) && whole(value, -1e15, 1e15);
      case '+':
        return put(whole(value, 1, MAX[4]!));
      case '?':
        return put(+(value != null)) ? put(whole(value, 0, MAX[4]!)) : undefined;
    }
    if (MAX[mark!]) return put(whole(value, 0, MAX[mark!]!));
    const names = mark?.split(',') ?? [];
    return names[1] ? names[put(Math.max(names.indexOf(value), 0))] : text(value, mark ? +mark : 200);
  };
  const fields = (list: string, value: any): Kind => {
    const kept: Kind = {};
    for (const one of list.split(' ')) {
      const [name, mark] = one.split(':') as [string, string?];
      kept[name] = field(mark, value?.[name]);
    }
    return kept;
  };

  const name = Object.keys(given)[0]!;
  const number = KINDS.findIndex((kind) => kind.startsWith(name + ' '));
  if (number < 0) return;
  put(number);
  const kept = fields(KINDS[number]!.slice(name.length + 1), given[name]);
  return { kind: { [name]: name === 'resize' ? Object.values(kept) : kept }, texts, numbers };
};
