import { expect, test } from 'vitest';
import { fitting, toCSV } from './table';

test('cells with commas, quotes and lines are quoted, and no cell is a formula', () => {
  expect(toCSV([['line', 'text'], ['2', 'a,"b"\nc'], ['3', '=1+1']])).toBe('line,text\r\n2,"a,""b""\nc"\r\n3,\'=1+1\r\n');
});

test('a column means what the kind of event has, in its lines or by itself', () => {
  const delivery = (f: string) => ['subject', 'data.item', 'data.quantity'].includes(f);
  const invoice = (f: string) => ['subject', 'data.item', 'data.lines.item'].includes(f);
  expect(fitting(['data.lines.item'], 'data.lines.item', delivery)).toEqual(['data.item']);
  expect(fitting(['data.item'], 'data.lines.item', invoice)).toEqual(['data.lines.item']);
  expect(fitting([], 'data.lines.quantity', invoice)).toEqual([]);
  expect(fitting([], 'data.lines.quantity', delivery)).toEqual(['data.quantity']);
  expect(fitting(['subject', 'data.month'], 'data.service', invoice)).toEqual(['subject']);
});

test('the type and the end of a certificate are its own', () => {
  const certificate = (f: string) => ['occurred_at', 'data.certificate.kind', 'data.certificate.expires'].includes(f);
  expect(fitting([], 'kind', certificate)).toEqual(['data.certificate.kind']);
  expect(fitting(['data.end_at'], 'data.end_at', certificate)).toEqual(['data.certificate.expires']);
  expect(fitting(['data.certificate.kind'], 'kind', (f) => f === 'subject')).toEqual([]);
});
