/** Errors of a request by the field of the form they belong to: "body.cascade.owner" is "owner" below "body.cascade". */
import { ApiError } from '../api/client';

export function fieldErrorsOf(error: Error | null | undefined, below: string): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  const out: Record<string, string> = {};
  for (const e of error.problem.errors ?? []) {
    if (!e.location?.startsWith(`${below}.`)) continue;
    out[e.location.slice(below.length + 1)] ??= e.message;
  }
  return out;
}
