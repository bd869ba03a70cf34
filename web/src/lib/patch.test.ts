import { expect, test } from 'vitest';
import { everywhere, patchOf } from './patch';

test('a patch has only what changed, whole lists, and null for what is gone', () => {
  const before = { target: { value: 4, unit: 'hour' }, pauses: true, tiers: [{ credit: '10' }], zone: 'UTC' };
  expect(patchOf(before, { target: { unit: 'hour', value: 2 }, tiers: [{ credit: '10' }, { credit: '5' }], zone: 'UTC' })).toEqual({ target: { value: 2 }, pauses: null, tiers: [{ credit: '10' }, { credit: '5' }] });
  expect(patchOf(before, { zone: 'UTC', tiers: [{ credit: '10' }], pauses: true, target: { unit: 'hour', value: 4 } })).toEqual({});
});

test('what is to hold on all days takes away what only other days state', () => {
  expect(everywhere({ value: 2, unit: 'hour' }, [{ value: 4, unit: 'hour', less: true }, undefined])).toEqual({ value: 2, unit: 'hour', less: null });
  expect(everywhere({ hours: { zone: 'UTC' } }, [{ hours: { zone: 'UTC', always: true } }])).toEqual({ hours: { zone: 'UTC', always: null } });
  expect(everywhere(undefined, ['9 %'])).toBe(null);
});
