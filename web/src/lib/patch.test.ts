import { expect, test } from 'vitest';
import { patchOf } from './patch';

test('a patch has only what changed, whole lists, and null for what is gone', () => {
  const before = { target: { value: 4, unit: 'hour' }, pauses: true, tiers: [{ credit: '10' }], zone: 'UTC' };
  expect(patchOf(before, { target: { unit: 'hour', value: 2 }, tiers: [{ credit: '10' }, { credit: '5' }], zone: 'UTC' })).toEqual({ target: { value: 2 }, pauses: null, tiers: [{ credit: '10' }, { credit: '5' }] });
  expect(patchOf(before, { zone: 'UTC', tiers: [{ credit: '10' }], pauses: true, target: { unit: 'hour', value: 4 } })).toEqual({});
});
