import { expect, test } from 'vitest';
import { ApiError } from '../api/client';
import { fieldErrorsOf } from './fieldErrors';

test('errors stand at their fields, the first of each, and those of elsewhere at none', () => {
  const error = new ApiError({ title: 'Unprocessable Entity', status: 422, errors: [
    { location: 'body.cascade.owner', message: 'no e-mail' }, { location: 'body.cascade.owner', message: 'too long' }, { location: 'body.cascade.check_in.every', message: 'no interval' }, { location: 'body.revision', message: 'old' }, { message: 'of no place' }] });
  expect(fieldErrorsOf(error, 'body.cascade')).toEqual({ owner: 'no e-mail', 'check_in.every': 'no interval' });
  expect(fieldErrorsOf(new Error('no answer'), 'body')).toEqual({});
  expect(fieldErrorsOf(null, 'body')).toEqual({});
});
