import { expect, test } from 'vitest';
import { toCSV } from './table';

test('cells with commas, quotes and lines are quoted, and no cell is a formula', () => {
  expect(toCSV([['line', 'text'], ['2', 'a,"b"\nc'], ['3', '=1+1']])).toBe('line,text\r\n2,"a,""b""\nc"\r\n3,\'=1+1\r\n');
});
