/** The difference of two objects as a JSON merge patch (RFC 7386): members that changed, and null for those that are gone. */
import { isObject, type Json, type JsonObject } from './schema';

const same = (a: Json | undefined, b: Json | undefined) => canonical(a) === canonical(b);

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
