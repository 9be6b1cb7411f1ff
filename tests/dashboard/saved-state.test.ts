// What is saved by name, as the dashboard reads it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Filters } from '../../edge-collector/api.d.ts';
import { type Note, notedSteps } from '../../dashboard/src/state/annotations.ts';
import type { Condition } from '../../dashboard/src/state/filters.ts';
import { asGoal, asTarget } from '../../dashboard/src/state/goals.ts';
import { asConditions, asSegment, isByPage, segmentsOf } from '../../dashboard/src/state/segments.ts';
import { asOptions, isPlain, isSame, readTargets, targetName } from '../../dashboard/src/state/steps.ts';

const ms = (at: string) => Date.parse(`${at}Z`);
const note = (at: string): Note => ({ name: at, value: { at, text: 'something' } });
const places = (...found: Parameters<typeof notedSteps>) => notedSteps(...found).map(({ place, notes }) => [place, notes.map(({ name }) => name)]);

test('a note stands at the step that its day or minute is in, and outside of all at none', () => {
  const days = ['2026-11-01T00:00', '2026-11-02T00:00', '2026-11-03T00:00'].map(ms);
  const notes = ['2026-10-31T23:59', '2026-11-01', '2026-11-02T23:59', '2026-11-02', '2026-11-03T23:59', '2026-11-04'].map(note);
  assert.deepEqual(places(notes, days, 'time:day'), [[0, ['2026-11-01']], [1, ['2026-11-02', '2026-11-02T23:59']], [2, ['2026-11-03T23:59']]]);
  const hours = ['2026-11-01T13:00', '2026-11-01T14:00'].map(ms);
  assert.deepEqual(places(['2026-11-01T14:00', '2026-11-01T14:59', '2026-11-01T15:00', '2026-11-01'].map(note), hours, 'time:hour'), [[1, ['2026-11-01T14:00', '2026-11-01T14:59']]]);
  const months = ['2026-01-01T00:00', '2026-02-01T00:00'].map(ms);
  assert.deepEqual(places(['2026-01-31', '2026-02-28', '2026-03-01'].map(note), months, 'time:month'), [[0, ['2026-01-31']], [1, ['2026-02-28']]]);
  assert.deepEqual(places([note('2026-01-11')], [ms('2026-01-05T00:00')], 'time:week'), [[0, ['2026-01-11']]]);
  assert.deepEqual(places([note('2026-01-12')], [ms('2026-01-05T00:00')], 'time:week'), []);
  assert.deepEqual(places([note('2026-01-12')], [], 'time:day'), []);
});

test('a goal is in the form what it is saved as, unless it is more than the form has', () => {
  for (const target of [{ page: '/a*' }, { event: 'Signup' }, { event: 'Signup', props: { plan: 'pro' } }]) assert.deepEqual(asTarget(asGoal(target)!), target);
  for (const target of [{ event: ['a', 'b'] }, { event: 'a', page: '/' }, { event: 'a', props: { a: '1', b: '2' } }, { event: 'a', props: { a: ['1', '2'] } }, { event: 'a', filters: [] }, { goal: 'a' }]) {
    assert.equal(asGoal(target), undefined, JSON.stringify(target));
  }
});

const country: Condition = ['is', 'visit:country', ['KR', 'JP']];
const buyers: Filters = [['has_done', ['is', 'event:goal', ['order']]]];
const readers: Filters = [['is', 'event:page', ['/blog']], ['is', 'visit:device', ['Mobile']]];
const segments = [{ name: 'Buyers', origin: 'api' as const, value: buyers }, { name: 'Readers', origin: 'api' as const, value: readers }];
const in_ = (...names: string[]): Condition => ['is', 'segment', names];

test('a new segment has the filters of those that are on, since none is made of others', () => {
  assert.deepEqual(asSegment([country], segments), [country]);
  assert.deepEqual(asSegment([in_('Readers'), country], segments), [...readers, country]);
  assert.deepEqual(asSegment([in_('Readers', 'Buyers')], segments), [['or', [['and', readers], ['and', buyers]]]]);
  assert.deepEqual(asConditions(readers), readers);
  assert.equal(asConditions(buyers), undefined);
  assert.deepEqual(segmentsOf([country, in_('Readers', 'Buyers')]), ['Readers', 'Buyers']);
});

test('single pages are filtered by directly or by a segment, not by what else a visit did', () => {
  assert.equal(isByPage([country], undefined), false);
  assert.equal(isByPage([['contains', 'event:page', ['/a']]], undefined), true);
  assert.equal(isByPage([in_('Readers')], undefined), undefined);
  assert.equal(isByPage([in_('Readers')], segments), true);
  assert.equal(isByPage([in_('Buyers')], segments), false);
  assert.equal(isByPage([in_('No more')], segments), false);
  const nested: Filters = [['or', [['not', ['is', 'event:page', ['/']]], ['is', 'visit:country', ['KR']]]]];
  assert.equal(isByPage([in_('Nested')], [{ name: 'Nested', origin: 'api', value: nested }]), true);
  const done: Filters = [['has_not_done', ['is', 'event:page', ['/']]]];
  assert.equal(isByPage([in_('Done')], [{ name: 'Done', origin: 'api', value: done }]), false);
});

test('a step out of an address is a target or nothing, and has a name whatever it is', () => {
  assert.deepEqual(readTargets(JSON.stringify([{ page: '/' }, { event: ['a', 'b'] }, { goal: 'Newsletter' }, { event: '' }, {}, null, 7, []])).map(targetName), ['/', 'a, b', 'Newsletter']);
  assert.deepEqual(readTargets('no JSON'), []);
  assert.equal(isPlain({ event: 'a' }), true);
  for (const more of [{ event: ['a'] }, { event: 'a', props: { b: 'c' } }, { goal: 'a' }, { name: 'a', page: '/' }]) assert.equal(isPlain(more), false);
});

test('a funnel is the same whether it leaves out what is usual or says it', () => {
  const steps = [{ page: '/' }, { event: 'order' }];
  assert.equal(isSame({ steps }, { steps, by: 'visitor', order: 'ordered' }), true);
  for (const other of [{ steps: steps.toReversed() }, { steps, by: 'session' as const }, { steps, order: 'strict' as const }, { steps, window: '1d' }]) assert.equal(isSame({ steps }, other), false);
  assert.deepEqual(asOptions({ steps, by: 'session' }), { steps: JSON.stringify(steps), by: 'session', order: '', window: '' });
});
