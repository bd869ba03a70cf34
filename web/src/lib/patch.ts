/** The difference of two objects as a JSON merge patch (RFC 7386): members that changed, and null for those that are gone. */
import { isObject, type Json, type JsonObject } from './schema';

export const same = (a: Json | undefined, b: Json | undefined) => canonical(a) === canonical(b);

function canonical(v: Json | undefined): string {
  if (Array.isArray(v)) return `[${v.map(canonical).join(',')}]`;
  if (isObject(v)) return `{${Object.keys(v).sort().map((k) => `${JSON.stringify(k)}:${canonical(v[k])}`).join(',')}}`;
  return JSON.stringify(v) ?? '';
}

export function patchOf(before: JsonObject, after: JsonObject): JsonObject {
  const out: JsonObject = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[name], after[name]];
    if (same(was, is)) continue;
    if (is === undefined) out[name] = null;
    else out[name] = isObject(was) && isObject(is) ? patchOf(was, is) : is;
  }
  return out;
}

/** A value as the patch that makes it hold on every day, whatever else was stated on other days: what only they have goes. */
export function everywhere(value: Json | undefined, others: (Json | undefined)[]): Json {
  if (!isObject(value)) return value ?? null;
  const parts = others.filter(isObject);
  const out: JsonObject = {};
  for (const name of new Set([...Object.keys(value), ...parts.flatMap(Object.keys)])) out[name] = everywhere(value[name], parts.map((p) => p[name]));
  return out;
}
