import { expect, test } from 'vitest';
import { cascadeText } from './Cascade';
import { levelsOf } from './Escalation';

test('a rule is said in one line, and none says nothing', () => {
  expect(cascadeText({ to: ['sow', 'order_form'] })).toBe('statements of work, orders');
  expect(cascadeText({ to: ['child'], override: 'forbidden', owner: 'lee@example.com', check_in: { every: 'two_weeks' } })).toBe('other contracts under it · this one governs there, too · lee@example.com · Every two weeks');
  // What was passed on carries only what the rule gave it, and passes to nobody itself.
  expect(cascadeText({ owner: 'lee@example.com' })).toBe('');
  expect(cascadeText(undefined)).toBe('');
});

test('an escalation policy without levels, or of an older form, has no steps', () => {
  expect(levelsOf({})).toEqual([]);
  expect(levelsOf({ levels: null })).toEqual([]);
  expect(levelsOf(null)).toEqual([]);
  expect(levelsOf({ levels: [{ after_hours: 4, to: 'a@example.com' }] })).toHaveLength(1);
});
