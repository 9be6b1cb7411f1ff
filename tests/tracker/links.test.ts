// Links to other sites, downloads and elements that name an event, as they reach the collector.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suite, type Told, type Visit } from '../support/visited.ts';

const started = suite();

/** A page whose links lead nowhere: the answer that there is nothing to show leaves the browser where it is. */
const visit = async (body: string, attributes = ''): Promise<Visit> => {
  const context = await started.browser.newContext();
  await context.route(/^https?:\/\/(?!127)/, (route) => route.fulfill({ status: 204 }));
  await context.route(/\.(pdf|zip)/, (route) => route.fulfill({ status: 204 }));
  return started.pages.visit(context, { body, attributes });
};
const links = (told: Told[]) =>
  told.filter(({ kind }) => kind === 'outbound' || kind === 'download').map(({ kind, url, text }) => [kind, url, text ?? ''].join(' '));

const AWAY = 'https://elsewhere.example/page?x=1';
const FOLLOWED = [`outbound ${AWAY} Away`];

test('a link to another site is counted, by whichever way it is followed', async () => {
  for (const [way, html, follow] of [
    ['left button', `<a href="${AWAY}">Away</a>`, (seen: Visit) => seen.page.click('a', { noWaitAfter: true })],
    ['middle button', `<a href="${AWAY}">Away</a>`, (seen: Visit) => seen.page.click('a', { button: 'middle' })],
    ['with a modifier', `<a href="${AWAY}">Away</a>`, (seen: Visit) => seen.page.click('a', { modifiers: ['Control'] })],
    ['key', `<a href="${AWAY}">Away</a>`, (seen: Visit) => seen.page.press('a', 'Enter', { noWaitAfter: true })],
    ['child element', `<a href="${AWAY}"><b><i id=inner>Away</i></b></a>`, (seen: Visit) => seen.page.click('#inner', { noWaitAfter: true })],
    ['another window', `<a href="${AWAY}" target=_blank>Away</a>`, (seen: Visit) => seen.page.click('a')],
    ['stopped event', `<a href="${AWAY}" onclick="event.stopImmediatePropagation()">Away</a>`, (seen: Visit) => seen.page.click('a', { noWaitAfter: true })],
    ['SVG', `<svg><a href="${AWAY}"><text y=20>Away</text></a></svg>`, (seen: Visit) => seen.page.click('text', { noWaitAfter: true })],
    ['SVG of old', `<svg><a xlink:href="${AWAY}"><text y=20>Away</text></a></svg>`, (seen: Visit) => seen.page.click('text', { noWaitAfter: true })],
    ['script', `<a href="${AWAY}">Away</a>`, (seen: Visit) => seen.page.evaluate(`document.querySelector('a').click()`)],
  ] as const) {
    const seen = await visit(html);
    await follow(seen);
    assert.deepEqual(links(await seen.end()), FOLLOWED, way);
    await seen.page.context().close();
  }
});

test('a link that the page prevents or that leads nowhere else is not counted', async () => {
  const seen = await visit(`<a href="${AWAY}" onclick="event.preventDefault()">Prevented</a> <a href="#x">Here</a> <a href="mailto:a@b.example">Mail</a>
    <a href="javascript:void 0">Script</a> <a>None</a> <a href="https://[broken" onclick="return false">Broken</a> <a href="/elsewhere" onclick="return false">Own</a>`);
  for (const link of await seen.page.locator('a').all()) await link.click({ noWaitAfter: true });
  await seen.page.click('a', { button: 'right' });
  assert.deepEqual(links(await seen.end()), []);
});

test('a download is counted without the query of its address, wherever it lies', async () => {
  const seen = await visit(`<a href="/files/a.pdf?token=secret#page=2">A</a> <a href="https://cdn.example/b.ZIP">B</a> <a href="/report" download onclick="this.removeAttribute('href')">C</a>
    <a href="/files/pdf">Page</a>`);
  for (const link of await seen.page.locator('a').all()) await link.click({ button: 'middle' });
  const { url } = started.pages;
  assert.deepEqual(links(await seen.end()), [`download ${url}/files/a.pdf `, 'download https://cdn.example/b.ZIP ', `download ${url}/report `]);
});

test('what an option turns off is not counted', async () => {
  const seen = await visit(
    `<a href="${AWAY}">Away</a> <a href="/a.pdf">A</a> <form onsubmit="return false"><input name=x><button>Send</button></form>`,
    'data-outbound=false data-downloads=false data-forms=false data-clicks=false data-vitals=false data-errors=false',
  );
  await seen.page.click('a', { button: 'middle' });
  await seen.page.click('a:nth-of-type(2)', { button: 'middle' });
  await seen.page.fill('input', 'x');
  await seen.page.click('button');
  const kinds = new Set((await seen.end()).map(({ kind }) => kind));
  assert.deepEqual([...kinds].sort(), ['engagement', 'pageview']);
});

test('an element that names an event counts it, with its other attributes as properties', async () => {
  const seen = await visit(`<button data-passerby-event="Signup" data-passerby-plan="pro" data-other=x><b>Sign up</b></button>
    <a href="${AWAY}" data-passerby-event="Partner">Partner</a>
    <form data-passerby-event="Sent" data-passerby-list="news" onsubmit="return false"><input name=attributes required><button>Send</button></form>`);
  await seen.page.click('b');
  await seen.page.click('a', { modifiers: ['Control'] });
  await seen.page.click('form button');
  await seen.page.fill('input', 'x');
  await seen.page.click('form button');
  const named = (await seen.end()).filter(({ kind }) => kind === 'custom').map(({ name, props }) => [name, props]);
  assert.deepEqual(named, [['Signup', { plan: 'pro' }], ['Partner', {}], ['Sent', { list: 'news' }]]);
});

test('no click is delayed, prevented or sent again', async () => {
  const seen = await visit(`<a href="#there" data-passerby-event=x>Link</a><script>
    const seen = [];
    document.querySelector('a').addEventListener('click', (event) => seen.push(event.isTrusted, event.defaultPrevented));
  </script>`);
  await seen.page.click('a');
  await seen.page.waitForURL('**#there');
  assert.deepEqual(await seen.page.evaluate('seen'), [true, false]);
  await seen.page.context().close();
});
