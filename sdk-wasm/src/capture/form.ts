// Forms: begun, sent, or left. Names only, never a value.

import { attribute, FLEETING, nearest, own, pathOf } from './element.ts';
import { reportTagged } from './tagged.ts';
import { afterEvent, attempt, type Report, type Watch } from './watch.ts';

/** A field, or what holds it, that is not to be named; a form that is not to be watched. */
const IGNORED = '[data-passerby-ignore]';

/** Passwords, also those that are shown, and codes that are good for once. */
const SECRET = /passw|one-time/i;

/** The form's id, name or path. */
const nameOf = (form: Element): string => {
  const id = own(form, 'id');
  return FLEETING.test(id) ? attribute(form, 'name') || pathOf(form) : id;
};

/** The field's name or id; nothing where it must not be named. */
const fieldOf = (field: HTMLInputElement): string => {
  const name = field.name || field.id;
  return nearest(field, IGNORED) || SECRET.test(name + field.type + field.autocomplete) ? '' : name;
};

export const watchForms = (report: Report): Watch => {
  /** Forms that were touched and not sent, with the last field. */
  const touched = new Map<HTMLFormElement, { form: string; field: string }>();
  /** Forms that were sent and not touched since. */
  const sent = new WeakSet<HTMLFormElement>();

  const send = (form: HTMLFormElement, at?: number) => {
    touched.delete(form);
    sent.add(form);
    if (nearest(form, IGNORED)) return;
    report({ form_submit: { form: nameOf(form) } }, at);
    reportTagged(report, form, at);
  };
  const abandon = () => {
    for (const form_abandon of touched.values()) report({ form_abandon });
    touched.clear();
  };

  // A script that sends a form by itself causes no event.
  const { submit } = HTMLFormElement.prototype;
  HTMLFormElement.prototype.submit = function () {
    attempt(() => sent.has(this) || send(this));
    submit.call(this);
  };

  return {
    input(event, path) {
      const field = path[0] as HTMLInputElement;
      const { form } = field;
      if (!(form instanceof HTMLFormElement) || nearest(form, IGNORED)) return;
      const known = touched.get(form);
      const names = { form: known?.form ?? nameOf(form), field: fieldOf(field) };
      touched.set(form, names);
      sent.delete(form);
      if (!known) report({ form_start: names }, event.timeStamp);
    },
    submit(event, path) {
      const form = path[0] as HTMLFormElement;
      // Before the page's own listeners empty it.
      const isValid = own(form, 'matches').call(form, ':valid');
      afterEvent(() => {
        // A page that sends a form by itself prevents the browser from sending it; so does one that has found a mistake.
        // A form that closes its dialog goes nowhere.
        if ((isValid || !event.defaultPrevented) && attribute(form, 'method') !== 'dialog') send(form, event.timeStamp);
      });
    },
    turn: abandon,
    pagehide: abandon,
  };
};
