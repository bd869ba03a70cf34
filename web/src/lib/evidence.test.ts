import { expect, test } from 'vitest';
import type { Evidence } from '../api/types';
import { distinct } from './evidence';

const quote = (start: number, end: number, document = 'doc_1') => ({ passage: { document_id: document, start, end, quote: `${start}-${end}` } }) as Evidence;

test('a passage that lies within an earlier one, or around it, is shown once', () => {
  expect(distinct([quote(10, 90), quote(100, 120), quote(10, 100), quote(20, 30)])).toEqual([quote(10, 90), quote(100, 120)]);
});

test('of two passages that begin alike the one without the footer and the next heading is shown, whichever stands first', () => {
  expect(distinct([quote(19901, 20535), quote(19901, 20399)])).toEqual([quote(19901, 20399)]);
  expect(distinct([quote(19901, 20399), quote(19901, 20535)])).toEqual([quote(19901, 20399)]);
  expect(distinct([quote(0, 20), quote(0, 90)])).toEqual([quote(0, 90)]); // much follows: it is the rest of the clause
});

test('passages that only touch or overlap, and those of other documents, stay', () => {
  const all = [quote(10, 90), quote(90, 95), quote(80, 92), quote(20, 30, 'doc_2'), { statement: { text: 'so', by: 'usr_1', at: '2026-03-01T00:00:00Z' } } as Evidence];
  expect(distinct(all)).toEqual(all);
});
