// Clicks, as they reach the collector.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suite, type Told, type Visit } from '../support/visited.ts';

const started = suite();
const visit = (body: string, head = '') => started.pages.visit(started.browser, { body, head });

const FIXED = 1;
const RAGE = 2;
const DEAD = 4;
const clicks = (told: Told[]) => told.filter(({ kind }) => kind === 'click');
const flags = (told: Told[]) => clicks(told).map((click) => click['flags']);

/** Until nothing can come of a click any more. */
const nothingMoreCan = (seen: Visit) => seen.page.evaluate('new Promise((resolve) => setTimeout(resolve, 2600))');

test('a click is at its element, with its label, at its place on the page', async () => {
  const seen = await visit('<main><button id=buy style="position:absolute;left:100px;top:1000px;width:100px;height:100px">Buy <b>now</b></button></main><div style="height:4000px">');
  await seen.page.click('#buy');
  const [click] = clicks(await seen.end());
  assert.deepEqual([click!['element'], click!['text'], click!['flags']], ['#buy', 'Buy now', 0]);
  const { width } = seen.page.viewportSize()!;
  assert.ok(Math.abs(click!['x_myriad'] - (150 / width) * 1e4) < 20, `${click!['x_myriad']}`);
  assert.ok(Math.abs(click!['y_myriad'] - (1050 / 4016) * 1e4) < 60, `${click!['y_myriad']}`);
});

test('a click by key or script is at the middle of its element, even where the click removes it', async () => {
  const style = 'position:absolute;left:100px;width:100px;height:100px';
  const seen = await visit(
    `<button id=key style="${style};top:1000px">Key</button><button id=script style="${style};top:2000px">Script</button>
     <button id=gone style="${style};top:3000px" onclick="this.remove()">Gone</button><div style="height:4000px">`,
  );
  await seen.page.press('#key', 'Enter');
  await seen.page.evaluate(`document.querySelector('#script').click()`);
  await seen.page.focus('#gone');
  // It is looked at after the next layout.
  await seen.page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))');
  await seen.page.keyboard.press('Enter');
  const found = clicks(await seen.end());
  assert.deepEqual(found.map(({ element }) => element), ['#key', '#script', '#gone']);
  const { width } = seen.page.viewportSize()!;
  for (const [i, middle] of [1_050, 2_050, 3_050].entries()) {
    const { x_myriad, y_myriad } = found[i]!;
    assert.ok(Math.abs(x_myriad - (150 / width) * 1e4) < 20 && Math.abs(y_myriad - (middle / 4_016) * 1e4) < 60, `${x_myriad}, ${y_myriad}`);
  }
});

test('a click on a label is one, and so is the next on its field', async () => {
  const seen = await visit(
    `<div data-passerby-event=Choice><label id=outside for=box>Outside</label><label>Around <input id=box type=checkbox></label></div>
     <label id=prevented for=other onclick="event.preventDefault()">Prevented</label><input id=other type=checkbox>`,
  );
  for (const target of ['#outside', '#box', '#prevented', '#other']) await seen.page.click(target);
  const told = await seen.end();
  assert.deepEqual(clicks(told).map(({ element }) => element), ['#outside', '#box', '#prevented', '#other']);
  assert.equal(told.filter(({ name }) => name === 'Choice').length, 2);
});

test('a click on what stays in place is one in the window, even where the click removes it', async () => {
  const seen = await visit(
    `<div style="height:4000px"></div><div style="position:fixed;left:0;top:0;width:50%;height:50%" id=modal>
      <button style="position:absolute;left:0;top:0;width:100%;height:100%" onclick="modal.remove()">Close</button></div>
     <nav style="position:sticky;bottom:0"><button id=stuck onclick="this.textContent='!'">Stuck</button></nav>`,
  );
  await seen.page.evaluate('scrollTo(0, 500)');
  const { width, height } = seen.page.viewportSize()!;
  await seen.page.mouse.move(width / 4, height / 4);
  await seen.page.mouse.down();
  // People take longer than the frame that this waits for.
  await seen.page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))');
  await seen.page.mouse.up();
  await seen.page.click('#stuck');
  const [close, stuck] = clicks(await seen.end());
  assert.deepEqual([close!['flags'], close!['x_myriad'], close!['y_myriad']], [FIXED, 2_500, 2_500]);
  assert.equal(stuck!['flags'], FIXED);
});

test('the third of clicks within a second and 30 px of one another is rage, and so are those that follow', async () => {
  const seen = await visit('<button id=it style="width:400px;height:100px" onclick="this.textContent += 1">Go</button>');
  const box = (await seen.page.locator('#it').boundingBox())!;
  // Times are the page's: it makes the events, so that no machine is too slow for them.
  const at = async (...places: [x: number, waitMs: number][]) => {
    for (const [x, waitMs] of places) {
      await seen.page.evaluate(`new Promise((resolve) => setTimeout(resolve, ${waitMs}))`);
      await seen.page.mouse.click(box.x + x, box.y + 20);
    }
  };
  await at([20, 0], [30, 0], [40, 0], [45, 0]);
  await at([300, 0], [300, 0], [340, 0]);
  await at([20, 1_100], [20, 1_100], [20, 1_100]);
  assert.deepEqual(flags(await seen.end()), [0, 0, RAGE, RAGE, 0, 0, 0, 0, 0, 0]);
});

test('a click of which nothing comes within 2,500 ms is dead', async () => {
  const seen = await visit('<button id=dead>Nothing</button><span id=text style="user-select:none">Nothing either</span>');
  for (const target of ['#dead', '#text']) {
    await seen.page.click(target);
    await nothingMoreCan(seen);
  }
  assert.deepEqual(flags(await seen.end()), [DEAD, DEAD]);
});

test('a click of which something comes is not dead, whatever it is', async () => {
  const seen = await visit(
    `<button onclick="setTimeout(() => this.title = 'x', 1000)">late change</button>
     <button onclick="setTimeout(() => this.firstChild.data = 'x', 100)">text</button>
     <button onclick="window.scrollBy(0, 10)">scrolls</button>
     <button onclick="getSelection().selectAllChildren(document.body)">selects</button>
     <button onclick="field.focus()">moves the focus</button>
     <form><input required style="position:fixed;top:400px"><button type=submit>invalid</button></form>
     <a href="#x">link</a> <input id=field> <input type=checkbox> <select></select> <details><summary>more</summary>x</details>
     <div style="height:3000px"></div>`,
  );
  const targets = await seen.page.locator('button,a,input:not([required]),select,summary').all();
  for (const target of targets) {
    await target.click();
    // Apart, so that what comes of one says nothing of the others.
    await nothingMoreCan(seen);
  }
  const found = clicks(await seen.end());
  assert.deepEqual(found.map(({ text, flags }) => [text, flags]).filter(([, flags]) => flags !== 0), []);
  assert.equal(found.length, targets.length);
});

test('a click with a modifier key, or one after which the page is left or turned at once, is not dead', async () => {
  const seen = await visit('<button>Nothing</button>');
  await seen.page.click('button', { modifiers: ['Shift'] });
  await nothingMoreCan(seen);
  await seen.page.click('button');
  await seen.page.evaluate(`history.pushState(0, '', '/next')`);
  await seen.page.click('button');
  const told = await seen.end();
  assert.deepEqual(told.filter(({ kind }) => /click|pageview/.test(kind)).map(({ kind, flags }) => [kind, flags]), [
    ['pageview', undefined], ['click', 0], ['click', 0], ['pageview', undefined], ['click', 0],
  ]);
});

test('clicks in shadow trees are at their elements, and what they change is seen', async () => {
  const seen = await visit(`<p id=host></p><script>
    const root = host.attachShadow({ mode: 'open' });
    root.innerHTML = '<div><button>Inside</button> <i style="user-select:none">Nothing</i></div>';
    root.querySelector('button').onclick = (event) => event.target.append('!');
  </script>`);
  for (const target of ['button', 'i']) {
    await seen.page.click(target);
    await nothingMoreCan(seen);
  }
  const found = clicks(await seen.end()).map(({ element, text, flags }) => [element, text, flags]);
  assert.deepEqual(found, [['#host>div>button', 'Inside', 0], ['#host>div>i', 'Nothing', DEAD]]);
});

test('nothing that a page does to its forms or its listeners keeps a click from being seen', async () => {
  const seen = await visit(
    `<form id=f onsubmit="return false"><input name=id><input name=parentElement><input name=localName>
     <input name=parentNode><input name=previousElementSibling><input name=closest><input name=getAttribute><input name=getRootNode><button type=button>Odd</button></form>
     <script>f.addEventListener('click', (event) => event.stopImmediatePropagation(), true)</script>`,
  );
  // Playwright's own way to find the place does not survive this.
  const { x, y } = (await seen.page.evaluate('f.lastElementChild.getBoundingClientRect().toJSON()')) as DOMRect;
  await seen.page.mouse.click(x + 5, y + 5);
  const [click] = clicks(await seen.end());
  assert.deepEqual([click!['element'], click!['text']], ['#f>button', 'Odd']);
});

test('what a visitor wrote is in no label, and half a character breaks nothing', async () => {
  const seen = await visit(
    `<label>Message <textarea>what I wrote</textarea></label><p contenteditable>mine <b>mine</b></p>
     <button data-passerby-ignore>Account 4711</button><button id=half></button><script>half.textContent = 'half \\ud83d'</script>`,
  );
  for (const target of ['label', 'b', '[data-passerby-ignore]', '#half']) await seen.page.click(target, { position: { x: 2, y: 2 } });
  const texts = clicks(await seen.end()).map(({ text }) => text);
  assert.ok(texts.includes('half \ufffd') && texts.includes('Message'), texts.join());
  assert.doesNotMatch(texts.join(), /wrote|mine|4711/);
});

test('a window of another size is said before the click in it', async () => {
  const seen = await visit('<button>Go</button>');
  await seen.page.setViewportSize({ width: 500, height: 600 });
  await seen.page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))');
  await seen.page.click('button');
  const kinds = (await seen.end()).filter(({ kind }) => /resize|click/.test(kind));
  assert.deepEqual(kinds.map(({ kind, size }) => [kind, size]), [['resize', [500, 600]], ['click', undefined]]);
});

test('a click before the core is there is counted once, and never as dead', async () => {
  let release = () => {};
  started.pages.routes.set('/core.js', (response) => {
    release = () => {
      started.pages.routes.delete('/core.js');
      response.writeHead(307, { location: '/core.js?' }).end();
    };
  });
  const opened = visit('<button>Early</button>');
  await started.pages.until('asked', () => started.pages.asked.at(-1) === '/core.js');
  const open = started.browser.contexts().flatMap((context) => context.pages());
  await open.at(-1)!.click('button');
  release();
  const seen = await opened;
  const found = clicks(await seen.end());
  assert.deepEqual(found.map(({ text, flags }) => [text, flags]), [['Early', 0]]);
});
