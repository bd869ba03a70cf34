import { describe, expect, test } from 'vitest';
import { findQuote, Text } from './codepoints';

describe('offsets', () => {
  test('count code points, also where a character takes two units', () => {
    const text = new Text('a😀b notice');
    expect(text.length).toBe(10);
    expect(text.slice(1, 3)).toBe('😀b');
    expect(text.offset(3)).toBe(2);
  });
  test('a selection is found whatever its line breaks', () => {
    const text = 'written notice of\nnon-renewal at least ninety (90) days before';
    const hit = findQuote(text, 'non-renewal  at least\nninety', 0, text.length, 0);
    expect(hit && text.slice(hit.start, hit.end)).toBe('non-renewal at least ninety');
  });
  test('of repeats the nearest is taken', () => {
    const text = 'thirty days. thirty days. thirty days.';
    expect(findQuote(text, 'thirty days', 0, text.length, 22)?.start).toBe(26);
    expect(findQuote(text, 'thirty days', 0, text.length, 0)?.start).toBe(0);
    expect(findQuote(text, 'forty', 0, text.length, 0)).toBeUndefined();
    expect(findQuote(text, '  ', 0, text.length, 0)).toBeUndefined();
  });
});
