import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { Evidence } from '../api/types';
import { EvidenceView } from './Evidence';

afterEach(cleanup);

const quoted = (verification: string) => ({ passage: { document_id: 'doc_1', text_id: 'txt_1', quote: 'within thirty (30) days', start: 0, end: 23, verification } }) as Evidence;
const badge = (verification: string, reading?: string) => {
  const { container } = render(<EvidenceView evidence={quoted(verification)} reading={reading} onShow={() => undefined} />);
  const found = container.querySelector('.badge');
  return [found?.textContent, found?.className];
};

test('a quote that stands in the document does not make a value verified that does not follow from it', () => {
  expect(badge('verified', 'unverified')).toEqual(['Quote found, value unverified', 'badge tone-warn']);
  expect(badge('repaired', 'unverified')[0]).toBe('Quote found, value unverified');
  expect(badge('unverified', 'unverified')[0]).toBe('Unverified');
  expect(badge('unverified', 'verified')[0]).toBe('Unverified');
  expect(badge('verified', 'verified')).toEqual(['Verified', 'badge tone-ok']);
  expect(badge('verified')[0]).toBe('Verified'); // of a passage that no reading rests on
});
