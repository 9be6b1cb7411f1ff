// What stands in the address, and what is saved: rules without a browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csv } from '../../dashboard/src/parts/csv.ts';
import { type Range, daysOf, fittingInterval, intervalsOf, presets, shifted } from '../../dashboard/src/state/dates.ts';
import { withCondition } from '../../dashboard/src/state/filters.ts';
import { type Place, readPlace, start, writePlace } from '../../dashboard/src/state/place.ts';

test('an address says what is looked at, whatever is in it', () => {
  const place: Place = {
    site: 'shop.example',
    view: 'overview',
    range: ['2026-02-27', '2026-03-02'],
    compare: 'year_over_year',
    filters: [['is', 'event:page', ['/a?b=c&d#e', '"],["']], ['contains_not', 'event:props:plan | pro', ['%', '+', '한국']]],
    options: { metric: 'visits', steps: '[{"page":"/"}]' },
  };
  assert.deepEqual(readPlace(writePlace(place)), place);
  assert.equal(writePlace(start), '');
  assert.deepEqual(readPlace(''), start);
});

test('an address that nobody wrote leads to the start, not to an error', () => {
  for (const filter of ['', '{', '[]', 'null', '["is","visit:shoe_size",["42"]]', '["is","visit:source",[]]', '["is","visit:source",[1]]', '["matches","visit:source",["("]]', '["is","event:props:",["a"]]']) {
    assert.deepEqual(readPlace(`?filter=${encodeURIComponent(filter)}`).filters, [], filter);
  }
  for (const range of ['yesterweek', '2026-02-30_', '2026-03-02_2026-03-01', '2026-3-1_2026-3-2', '2026-01-01_2026-01-02_2026-01-03']) {
    assert.equal(readPlace(`?range=${range}`).range, start.range, range);
  }
  assert.equal(readPlace('?view=constructor').view, 'overview');
});

test('a new "is" takes the place of the one before, other conditions stay', () => {
  const google = withCondition([], ['is', 'visit:source', ['Google']]);
  const naver = withCondition(withCondition(google, ['is_not', 'visit:source', ['Bing']]), ['is', 'visit:source', ['Naver']]);
  assert.deepEqual(naver, [['is_not', 'visit:source', ['Bing']], ['is', 'visit:source', ['Naver']]]);
});

test('dates step by their own length, over months and leap days', () => {
  assert.equal(daysOf(['2028-02-28', '2028-03-01']), 3);
  assert.deepEqual(shifted(['2028-02-28', '2028-03-01'], -1), ['2028-02-25', '2028-02-27']);
  assert.deepEqual(shifted(['2026-12-31', '2026-12-31'], 1), ['2027-01-01', '2027-01-01']);
});

test('every range can be drawn in the interval that fits it', () => {
  const ranges: Range[] = [...presets, ['2026-01-01', '2026-01-01'], ['2016-01-01', '2026-01-01']];
  for (const range of ranges) assert.ok(intervalsOf(range).includes(fittingInterval(range)), String(range));
});

test('no cell of a CSV is taken for a formula, and none breaks out of its place', () => {
  const cells = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '|cmd', '%0A', 'a,b', 'a"b', 'a\nb', 'plain', ''];
  const lines = csv(['name', 'count'], cells.map((cell) => [cell, -5])).replace('\ufeff', '').split('\r\n');
  assert.equal(lines.length, cells.length + 2);
  for (const line of lines.slice(1, 10)) assert.match(line, /^"?'/, line);
  assert.deepEqual(lines.slice(11, 16), ['"a,b",-5', '"a""b",-5', '"a\nb",-5', 'plain,-5', ',-5']);
});
