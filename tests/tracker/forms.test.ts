// Forms, as they reach the collector: names only, never a value.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suite, type Told } from '../support/visited.ts';

const started = suite();
const visit = (body: string) => started.pages.visit(started.browser, { body });
const forms = (told: Told[]) =>
  told
    .filter(({ kind }) => kind.startsWith('form_'))
    .map(({ kind, form, field }) => [kind.slice(5), form, field].filter((part) => part !== undefined).join(' '));

const FIELDS = '<input name=email type=email required><input name=age><button>Send</button>';

test('a form that goes through is begun and sent', async () => {
  const seen = await visit(`<form id=signup action=/thanks>${FIELDS}</form>`);
  await seen.page.fill('[name=email]', 'ada@example.org');
  await seen.page.fill('[name=age]', '36');
  await seen.page.click('button');
  await seen.page.waitForURL('**/thanks?*');
  await seen.until(() => seen.told('form_submit').length > 0);
  assert.deepEqual(forms(seen.told()), ['start signup email', 'submit signup']);
  await seen.page.close();
});

test('an invalid form is not sent, and abandoned by whoever leaves it', async () => {
  const seen = await visit(`<form name=signup>${FIELDS}</form>`);
  await seen.page.fill('[name=email]', 'nobody');
  await seen.page.fill('[name=age]', '36');
  await seen.page.click('button');
  assert.deepEqual(forms(await seen.end()), ['start signup email', 'abandon signup age']);
});

test('a form that is not to be validated goes through as it is', async () => {
  const seen = await visit(`<form id=signup novalidate action=/thanks>${FIELDS}</form>`);
  await seen.page.fill('[name=email]', 'nobody');
  await seen.page.click('button');
  await seen.page.waitForURL('**/thanks?*');
  await seen.until(() => seen.told('form_submit').length > 0);
  assert.deepEqual(forms(seen.told()), ['start signup email', 'submit signup']);
  await seen.page.close();
});

test('a form that a script sends goes through, even without an event', async () => {
  for (const [call, sent] of [
    ['form.submit()', true],
    ['HTMLFormElement.prototype.submit.call(form)', true],
    ['form.requestSubmit()', false],
    [`form.email.value = 'ada@example.org'; form.requestSubmit()`, true],
  ] as const) {
    const seen = await visit(`<form id=signup target=frame action=/thanks>${FIELDS}</form><iframe name=frame></iframe>`);
    await seen.page.fill('[name=age]', '36');
    await seen.page.evaluate(`{ const form = document.forms[0]; ${call} }`);
    assert.deepEqual(forms(await seen.end()), ['start signup age', sent ? 'submit signup' : 'abandon signup age'], call);
  }
});

test('a form that the page sends by itself is sent where it is valid, once', async () => {
  const seen = await visit(`<form id=signup>${FIELDS}</form><script>
    signup.addEventListener('submit', (event) => { event.preventDefault(); event.target.reset(); });
    signup.noValidate = true;
  </script>`);
  await seen.page.click('button');
  await seen.page.fill('[name=email]', 'ada@example.org');
  await seen.page.click('button');
  assert.deepEqual(forms(await seen.end()), ['start signup email', 'submit signup']);
});

test('a form whose event leads to a call of submit() is sent once', async () => {
  const seen = await visit(`<form id=signup target=frame action=/thanks>${FIELDS}</form><iframe name=frame></iframe><script>
    signup.addEventListener('submit', (event) => { event.preventDefault(); setTimeout(() => event.target.submit(), 50); });
  </script>`);
  await seen.page.fill('[name=email]', 'ada@example.org');
  await seen.page.click('button');
  await seen.page.frame('frame')!.waitForURL('**/thanks?*');
  assert.deepEqual(forms(await seen.end()), ['start signup email', 'submit signup']);
});

test('a form that came later, outside of which its field stands, is abandoned where the page is turned', async () => {
  const seen = await visit('<main></main>');
  await seen.page.evaluate(`document.querySelector('main').innerHTML = '<div><form id=late-77></form></div><form name=late id=x123></form><input form=x123 name=city>'`);
  await seen.page.fill('[name=city]', 'Graz');
  await seen.page.evaluate(`document.querySelector('main').remove(); history.pushState(0, '', '/next')`);
  const told = await seen.end();
  assert.deepEqual(forms(told), ['start late city', 'abandon late city']);
  const order = told.filter(({ kind }) => kind === 'form_abandon' || kind === 'pageview').map(({ kind }) => kind);
  assert.deepEqual(order, ['pageview', 'form_abandon', 'pageview'], 'it is of the page before');
});

test('a form in a shadow tree is seen, one that closes its dialog is not sent', async () => {
  const seen = await visit(`<dialog open><form method=dialog name=sure><button>Yes</button></form></dialog><p id=host></p>
    <script>host.attachShadow({ mode: 'open' }).innerHTML = '<form name=inside><input name=first></form>'</script>`);
  await seen.page.click('button');
  await seen.page.fill('[name=first]', 'x');
  assert.deepEqual(forms(await seen.end()), ['start inside first', 'abandon inside first']);
});

test('passwords and what the site has marked are not named, and no value is ever sent', async () => {
  const secret = 'correcthorsebatterystaple';
  const seen = await visit(`<form id=login><input name=pin type=password><input name=user data-passerby-ignore><input name=my-password><input name=code autocomplete=one-time-code></form>
    <form id=hidden data-passerby-ignore><input name=other></form>
    <form id=odd><input name=id><input name=elements><input name=closest><input name=matches><input name=getAttribute><input name=attributes><input name=action><input name=submit></form>
    <form id=plain><textarea name=note></textarea><select name=choice><option>a<option>${secret}</select></form>`);
  for (const field of ['pin', 'user', 'my-password', 'code', 'other', 'elements', 'note']) await seen.page.evaluate(([name, value]) => {
    const field = document.querySelector(`[name=${name}]`) as HTMLInputElement;
    field.focus();
    document.execCommand('insertText', false, value);
  }, [field, secret] as const);
  await seen.page.selectOption('select', secret);
  const told = await seen.end();
  assert.deepEqual(forms(told), [
    'start login ', 'start odd elements', 'start plain note',
    'abandon login ', 'abandon odd elements', 'abandon plain choice',
  ]);
  assert.doesNotMatch(JSON.stringify(told), new RegExp(secret));
});
