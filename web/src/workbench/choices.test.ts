import { describe, expect, test } from 'vitest';
import type { Candidate, Evidence, Value } from '../api/types';
import { choicesOf, readBy, withoutValue } from './choices';
import { passagesOf } from './target';
import { fits, rejections } from './useDesk';

const days = (value: number): Value => ({ kind: 'duration', duration: { value, unit: 'day' } });
const quote = (start: number): Evidence[] => [{ passage: { quote: `words at ${start}`, start, end: start + 5, verification: 'verified' } }];
const candidate = (more: Partial<Candidate>): Candidate => ({ id: 'can_1', contract_id: 'con', review_id: 'rev', document_id: 'doc', subject: 'term', name: 'notice_period', value: days(90), evidence: quote(10), confidence: '0.8', extractor: 'grammar/1', state: 'open', order: 1, revision: 1, ...more });
const rival = (value: number, start: number) => candidate({ id: 'riv', value: days(value), evidence: quote(start), confidence: '0.7', extractor: 'model/1' });

describe('readings', () => {
  test('without a rival or a question there is nothing to choose', () => {
    expect(choicesOf(candidate({})).all).toEqual([]);
    expect(choicesOf(candidate({ state: 'accepted', rivals: [rival(60, 50)] })).all).toEqual([]);
  });
  test('1 keeps the first reading, 2 takes the rival, and both stand marked in the page', () => {
    const c = candidate({ rivals: [rival(60, 50)] });
    const { rivals } = choicesOf(c);
    expect(rivals.map((r) => [r.key, r.method, r.score, r.choice, r.mark])).toEqual([
      ['1', 'grammar/1', '0.8', { kind: 'accept' }, 0], ['2', 'model/1', '0.7', { kind: 'accept', rival: 0 }, 1],
    ]);
    expect(passagesOf(c).map((p) => [p.passage.start, p.tone, p.tag])).toEqual([[10, 'own', '1'], [50, 'rival', '2']]);
  });
  test('a rival that was set aside is no choice, and keeps the numbers of the server', () => {
    const { rivals } = choicesOf(candidate({ rivals: [{ ...rival(30, 70), state: 'superseded' }, rival(60, 50)] }));
    expect(rivals.map((r) => r.choice)).toEqual([{ kind: 'accept' }, { kind: 'accept', rival: 1 }]);
  });
  test('keeping a reading while a question is open is a correction, for accepting is refused', () => {
    const { all } = choicesOf(candidate({ rivals: [rival(60, 50)], ambiguities: [{ code: 'c', question: 'Which?', readings: [days(30)] }] }));
    expect(all.map((r) => [r.key, r.choice?.kind, r.choice?.value])).toEqual([['1', 'correct', days(90)], ['2', 'accept', undefined], ['3', 'correct', days(30)]]);
  });
  test('a value that can be read in two ways needs an answer; one nobody found is not found', () => {
    const { value: _, ...bare } = candidate({});
    expect(withoutValue({ ...bare, ambiguities: [{ code: 'c', question: 'Which?', readings: [days(30), days(60)] }] })).toBe('Needs an answer');
    expect(withoutValue({ ...bare, state: 'not_found' })).toBe('Not found');
  });
  test('an answer in words keeps the value and leaves its words as the reason', () => {
    const { questions } = choicesOf(candidate({ ambiguities: [{ code: 'c', question: 'Counted?', texts: ['counted', 'clear days'] }] }));
    expect(questions[0]?.readings.map((r) => r.choice)).toEqual([{ kind: 'correct', value: days(90), reason: 'Counted? counted' }, { kind: 'correct', value: days(90), reason: 'Counted? clear days' }]);
  });
  test('a question on an obligation opens its form: words do not set a parameter', () => {
    const obligation = { key: 'k', kind: 'resolution_time', title: 'T', confidence: '1', ambiguities: [{ code: 'hours_unclear', question: 'When?', texts: ['business hours'] }] };
    const { value: _, ...c } = candidate({ subject: 'obligation', obligation });
    const [reading] = choicesOf(c).all;
    expect(reading?.choice).toBeUndefined();
    expect(reading?.note).toBe('When? business hours');
  });
  test('a term that was not found marks the nearest passages by their keys', () => {
    const { value: _, ...c } = candidate({ state: 'not_found', evidence: [] });
    const near = [{ passage: { quote: 'a', start: 1, end: 2, verification: 'verified' }, words: ['x'] }];
    expect(passagesOf(c, near).map((p) => [p.tone, p.tag])).toEqual([['near', '1']]);
  });
});

test('a value that was found and can be read in two ways is a question, and none that is missing', () => {
  const asked = candidate({ name: 'notice_period', value: undefined as never, ambiguities: [{ code: 'words_and_figures', question: 'Thirty or 60?', readings: [days(30), days(60)] }] });
  expect([fits.questions(asked), fits.missing(asked)]).toEqual([true, false]);
  const absent = candidate({ value: undefined as never, state: 'not_found' });
  expect([fits.questions(absent), fits.missing(absent)]).toEqual([false, true]);
  // A question without readings is answered in the form: it is one all the same.
  expect(fits.questions(candidate({ ambiguities: [{ code: 'day', question: 'By when is it due?' }] }))).toBe(true);
});

describe('who read a value', () => {
  test('what an engine gave by itself is told where it is another confidence', () => {
    expect(readBy(candidate({}))).toBe('Read by grammar/1');
    expect(readBy(candidate({ own_confidence: { 'grammar/1': '0.80' } }))).toBe('Read by grammar/1');
    expect(readBy(candidate({ confidence: '0.392', own_confidence: { 'grammar/1': '0.98' } }))).toBe('Read by grammar/1, which gave it 98 %');
    expect(readBy(candidate({ confidence: '0.96', extractor: 'grammar/1+llm/2', own_confidence: { 'grammar/1': '0.9', 'llm/2': '0.6' } }))).toBe('Read by grammar/1+llm/2; grammar/1 gave it 90 %, llm/2 gave it 60 %');
  });
});

test('an obligation may be right and not be tracked; a term that is right is not rejected', () => {
  expect(rejections(candidate({})).some((c) => c.not_tracked)).toBe(false);
  expect(rejections(candidate({ subject: 'obligation' })).at(5)).toMatchObject({ kind: 'reject', not_tracked: true });
});
