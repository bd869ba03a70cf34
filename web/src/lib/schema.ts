/**
 * The part of JSON Schema that parameters of obligations use, and what a form needs of it: what to ask, what a new row
 * starts from, and where an error belongs. Values stay JSON as the server will read it; decimals stay text.
 */
export interface Schema {
  type?: string; properties?: Record<string, Schema>; required?: string[]; items?: Schema; enum?: string[]; oneOf?: Schema[]; $ref?: string; $defs?: Record<string, Schema>;
  format?: string; pattern?: string; description?: string; title?: string;
}
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };
export interface FieldError { field: string; message: string }

/** What a part of the form looks like. */
export type Shape = 'duration' | 'money' | 'object' | 'choice' | 'date' | 'decimal' | 'integer' | 'text' | 'flag' | 'choices' | 'list' | 'rows' | 'other';

/** Follows references and takes the part of "a list or null" that can be filled in. */
export function resolve(root: Schema, node: Schema): Schema {
  if (node.$ref) {
    const { $ref, ...rest } = node;
    const found = root.$defs?.[$ref.replace('#/$defs/', '')] ?? {};
    // The words about a type speak of code; those about the member speak to the reader.
    const { description: _, ...shape } = resolve(root, found);
    return { ...shape, ...rest };
  }
  const filled = node.oneOf?.find((o) => o.type !== 'null');
  return filled ? { ...resolve(root, filled), ...(node.description ? { description: node.description } : {}) } : node;
}

const has = (node: Schema, ...names: string[]) => names.every((n) => node.properties?.[n]) && Object.keys(node.properties ?? {}).length === names.length;

export function shapeOf(root: Schema, node: Schema): Shape {
  if (has(node, 'value', 'unit')) return 'duration';
  if (has(node, 'value', 'currency')) return 'money';
  if (node.type === 'object') return node.properties ? 'object' : 'other';
  if (node.enum) return 'choice';
  if (node.type === 'string') return node.format === 'date' ? 'date' : node.pattern?.includes('0-9') ? 'decimal' : 'text';
  if (node.type === 'integer') return 'integer';
  if (node.type === 'boolean') return 'flag';
  if (node.type === 'array' && node.items) {
    const item = resolve(root, node.items);
    if (item.enum) return 'choices';
    return ['text', 'decimal', 'integer', 'date'].includes(shapeOf(root, item)) ? 'list' : 'rows';
  }
  return 'other';
}

/** What a part that is asked for starts from: only what must be there. */
export function blank(root: Schema, node: Schema): Json {
  switch (shapeOf(root, node)) {
    case 'duration': return { value: 0, unit: 'day' };
    case 'money': return { value: '', currency: 'USD' };
    case 'object': case 'other': return Object.fromEntries((node.required ?? []).map((name) => [name, blank(root, resolve(root, node.properties?.[name] ?? {}))]));
    case 'choices': case 'list': case 'rows': return [];
    case 'integer': return 0;
    case 'flag': return false;
    default: return '';
  }
}

/** Sets or drops one member: what is optional and empty is left out, as the server writes it. */
export function withMember(value: JsonObject, name: string, next: Json | undefined, required: boolean): JsonObject {
  const { [name]: _, ...rest } = value;
  const empty = next === undefined || next === '' || (Array.isArray(next) && next.length === 0) || isEmptyObject(next);
  if (empty && !required) return rest;
  const out: JsonObject = {};
  for (const key of Object.keys(value)) out[key] = key === name ? (next ?? '') : (value[key] ?? null); // the order stays
  if (!(name in value)) out[name] = next ?? '';
  return out;
}

const isEmptyObject = (value: Json | undefined) => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of parameters of one kind what another kind has under the same name and in the same form. */
export function carried(from: Schema, to: Schema, params: JsonObject): JsonObject {
  const said = (root: Schema, name: string) => {
    const { description: _, ...node } = resolve(root, root).properties?.[name] ?? {};
    return JSON.stringify(node);
  };
  const there = resolve(to, to).properties ?? {};
  return Object.fromEntries(Object.entries(params).filter(([name]) => name in there && said(from, name) === said(to, name)));
}

/** Errors of a part: its own, and for parts without fields of their own those below it. */
export function errorAt(errors: FieldError[], path: string, below = false): string | undefined {
  return errors.find((e) => e.field === path || (below && e.field.startsWith(`${path}.`)))?.message;
}

/** "body.obligation.params.target.unit" as "target.unit". */
export function fieldsOf(errors: { message: string; location?: string }[] | undefined): FieldError[] {
  return (errors ?? []).map((e) => ({ field: (e.location ?? '').replace(/^body\.obligation\.params\.?/, ''), message: e.message }));
}

/** A description is written beside the code: its names are put in words. */
export function readable(description: string | undefined): string | undefined {
  if (!description) return undefined;
  const text = description.replace(/\["?([^\]"]*)"?\]/g, '$1').replace(/\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b/g, (name) => name.replace(/(?!^)[A-Z]/g, (c) => ` ${c.toLowerCase()}`)).replace(/\b[a-z]+(?:_[a-z]+)+\b/g, (name) => name.replaceAll('_', ' '));
  return text.charAt(0).toUpperCase() + text.slice(1);
}
