import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { blank, errorAt, fieldsOf, readable, resolve, shapeOf, withMember, type Schema } from './schema';

const schemaOf = (kind: string) => JSON.parse(readFileSync(`../docs/schema/params/${kind}.v1.json`, 'utf8')) as Schema;
const clock = schemaOf('resolution_time');
const uptime = schemaOf('availability');
const member = (root: Schema, name: string) => resolve(root, resolve(root, root).properties?.[name] ?? {});

describe('forms made from the schemas of the product', () => {
  test.each([
    [clock, 'target', 'duration'], [clock, 'priority', 'text'], [clock, 'hours', 'object'], [clock, 'day_rule', 'choice'], [clock, 'pauses', 'flag'], [clock, 'thresholds', 'list'],
    [uptime, 'tiers', 'rows'], [uptime, 'target', 'decimal'], [uptime, 'minimum_payable', 'money'], [uptime, 'claim_days', 'integer'], [uptime, 'exclusions', 'list'],
  ] as const)('%# %s is a %s', (root, name, shape) => {
    expect(shapeOf(root, member(root, name))).toBe(shape);
  });
  test('days of the week are choices, although a list may be null', () => {
    const week = resolve(clock, member(clock, 'hours').properties?.week ?? {});
    const window = resolve(clock, week.items ?? {});
    expect(shapeOf(clock, week)).toBe('rows');
    expect(shapeOf(clock, resolve(clock, window.properties?.days ?? {}))).toBe('choices');
    expect(blank(clock, window)).toEqual({ days: [], from: '', until: '' });
  });
  test('every kind has a field for every parameter', () => {
    for (const kind of ['availability', 'renewal_notice', 'resolution_time', 'response_time']) {
      const root = schemaOf(kind);
      for (const [name, node] of Object.entries(resolve(root, root).properties ?? {})) expect(shapeOf(root, resolve(root, node)), `${kind}.${name}`).not.toBe('other');
    }
  });
  test('a type’s description is for programmers, a member’s for readers', () => {
    const described: Schema = { $defs: { Duration: { type: 'object', description: 'Duration is a counted length of time.' } }, properties: { bare: { $ref: '#/$defs/Duration' }, told: { $ref: '#/$defs/Duration', description: 'the time allowed' } } };
    expect(member(described, 'bare').description).toBeUndefined();
    expect(member(described, 'told').description).toBe('the time allowed');
    expect(member(clock, 'thresholds').description).toMatch(/at risk/);
    expect(readable('DayRule says what a business day is: working_time (default); Default ["90"].')).toBe('Day rule says what a business day is: working time (default); Default 90.');
  });
});

describe('members', () => {
  test('what is optional and empty is left out, what is needed stays to be complained about', () => {
    expect(withMember({ a: '1', b: '2' }, 'a', '', false)).toEqual({ b: '2' });
    expect(withMember({ a: '1' }, 'a', '', true)).toEqual({ a: '' });
    expect(withMember({ a: '1' }, 'list', [], false)).toEqual({ a: '1' });
    expect(Object.keys(withMember({ a: '1', b: '2' }, 'a', '3', false))).toEqual(['a', 'b']);
  });
  test('an error is found at its field, and for a list below it', () => {
    const errors = fieldsOf([{ message: 'no number', location: 'body.obligation.params.thresholds.0' }, { message: 'whole', location: 'body.obligation.params' }]);
    expect(errors).toEqual([{ field: 'thresholds.0', message: 'no number' }, { field: '', message: 'whole' }]);
    expect(errorAt(errors, 'thresholds')).toBeUndefined();
    expect(errorAt(errors, 'thresholds', true)).toBe('no number');
    expect(errorAt(errors, 'threshold', true)).toBeUndefined();
  });
});
