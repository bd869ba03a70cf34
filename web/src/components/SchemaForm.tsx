import { ActionIcon, Button, Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { capital, words } from '../lib/format';
import { blank, errorAt, isObject, readable, resolve, shapeOf, withMember, type FieldError, type Json, type JsonObject, type Schema } from '../lib/schema';
import { m } from '../messages';

const f = m.form;

interface Part { root: Schema; node: Schema; name: string; path: string; required: boolean; value: Json | undefined; errors: FieldError[]; hints: FieldError[]; onChange: (value: Json | undefined) => void; bare?: boolean }
interface Props { schema: Schema; value: JsonObject; errors: FieldError[]; hints: FieldError[]; onChange: (value: JsonObject) => void }

/** A form made from the JSON schema of what it fills in. Numbers that must be exact stay text from key to server. */
export function SchemaForm({ schema, value, errors, hints, onChange }: Props) {
  const node = resolve(schema, schema);
  return <Members root={schema} node={node} path="" value={value} errors={errors} hints={hints} onChange={onChange} />;
}

const labelOf = (name: string) => (f.labels as Record<string, string>)[name] ?? capital(words(name));
const below = (path: string, name: string | number) => (path ? `${path}.${name}` : String(name));

interface MembersProps { root: Schema; node: Schema; path: string; value: JsonObject; errors: FieldError[]; hints: FieldError[]; onChange: (value: JsonObject) => void; inline?: boolean }

/** The members of an object: what must be said or is said already; the rest on demand, so that a long list stays short. */
function Members({ root, node, path, value, errors, hints, onChange, inline }: MembersProps) {
  const [all, setAll] = useState(false);
  const groups = inline ? [] : f.groups.filter((g) => g.members.every((name) => node.properties?.[name]));
  const names = Object.keys(node.properties ?? {}).filter((name) => !groups.some((g) => g.members.includes(name)));
  const needed = (name: string) => inline || (node.required ?? []).includes(name) || value[name] !== undefined || !!errorAt([...errors, ...hints], below(path, name), true);
  const shown = all ? names : names.filter(needed);
  const rest = names.length - names.filter(needed).length;
  const field = (name: string) => {
    const required = (node.required ?? []).includes(name);
    return <Field key={name} root={root} node={resolve(root, node.properties?.[name] ?? {})} name={name} path={below(path, name)} required={required} value={value[name]} errors={errors} hints={hints} bare={inline ?? false}
      onChange={(next) => onChange(withMember(value, name, next, required))} />;
  };
  return (
    <div className={inline ? 'form-row' : 'stack mid'}>
      {shown.map(field)}
      {groups.map((g) => <Together key={g.title} title={g.title} needed={g.members.some(needed)} text={g.text}>{g.members.map(field)}</Together>)}
      {!inline && rest > 0 && <div><button type="button" className="linkish" aria-expanded={all} onClick={() => setAll(!all)}>{all ? f.fewer : f.more(rest)}</button></div>}
    </div>
  );
}

/** Members that are about one thing and are stated together; open where one of them is stated or asked about. */
function Together({ title, text, needed, children }: { title: string; text: string; needed: boolean; children: ReactNode }) {
  const [opened, setOpened] = useState(false);
  if (!needed && !opened) return <Add label={f.state(title.toLowerCase())} onClick={() => setOpened(true)} />;
  return (
    <fieldset className="form-group grow">
      <legend>{title}</legend>
      <p className="small dim">{text}</p>
      <div className="stack mid">{children}</div>
    </fieldset>
  );
}

function Field(part: Part) {
  const { root, node, name, path, value, errors, required, bare, onChange } = part;
  const label = labelOf(name);
  const error = errorAt(errors, path);
  const hint = errorAt(part.hints, path, true);
  const description = bare ? undefined : hint ? <span className="ink-warn">{hint}</span> : f.helps[name] ? f.helps[name] : name in f.labels ? undefined : readable(node.description);
  const text = typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value);
  const common = { size: 'xs' as const, label, description, error, withAsterisk: required && !bare, className: bare ? 'grow' : '', 'data-field': path };
  switch (shapeOf(root, node)) {
    case 'duration': return <Group {...part} label={label}><DurationPart {...part} /></Group>;
    case 'money': return <Group {...part} label={label}><MoneyPart {...part} /></Group>;
    case 'choice':
      return <Select {...common} data={(node.enum ?? []).map((v) => ({ value: v, label: words(v) }))} value={text || null} clearable={!required} clearButtonProps={{ 'aria-label': m.common.remove }} placeholder={required ? undefined : f.notStated} allowDeselect={false} onChange={(v) => onChange(v ?? undefined)} />;
    case 'flag':
      return <Select {...common} data={[{ value: 'true', label: m.common.yes }, { value: 'false', label: m.common.no }]} value={typeof value === 'boolean' ? String(value) : null} clearable={!required} clearButtonProps={{ 'aria-label': m.common.remove }} placeholder={f.notStated} allowDeselect={false} onChange={(v) => onChange(v === null ? undefined : v === 'true')} />;
    case 'date': return <TextInput {...common} type="date" value={text} onChange={(e) => onChange(e.currentTarget.value)} />;
    case 'decimal': return <TextInput {...common} inputMode="decimal" value={text} onChange={(e) => onChange(e.currentTarget.value.replaceAll(',', '').trim())} />;
    case 'integer': return <TextInput {...common} inputMode="numeric" value={text} onChange={(e) => onChange(wholeNumber(e.currentTarget.value))} />;
    case 'text': return <TextInput {...common} value={text} onChange={(e) => onChange(e.currentTarget.value)} />;
    case 'list': return <ListPart {...part} label={label} description={description} error={errorAt(errors, path, true)} />;
    case 'choices': return <Group {...part} label={label}><ChoicesPart {...part} /></Group>;
    case 'rows': return <Group {...part} label={label}><RowsPart {...part} /></Group>;
    case 'object':
      return (
        <Group {...part} label={label}>
          {value === undefined && !required
            ? <Add label={f.state(label.toLowerCase())} onClick={() => onChange(name === 'maintenance_hours' ? { week: [{ days: [], from: '', until: '' }] } : firstMembers(root, node))} />
            : <Members root={root} node={node} path={path} value={isObject(value) ? value : {}} errors={errors} hints={part.hints} onChange={onChange} />}
        </Group>
      );
    default: return <OtherPart {...part} label={label} error={error} />;
  }
}

/** An object that is opened by hand shows its first member, even where none is required. */
function firstMembers(root: Schema, node: Schema): JsonObject {
  const start = blank(root, node);
  if (isObject(start) && Object.keys(start).length > 0) return start;
  const first = Object.keys(node.properties ?? {}).find((n) => n === 'zone') ?? Object.keys(node.properties ?? {})[0];
  return first ? { [first]: blank(root, resolve(root, node.properties?.[first] ?? {})) } : {};
}

/** What is no whole number is sent as it was typed: the server says what is wrong with it. */
function wholeNumber(text: string): Json | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  return /^-?\d{1,9}$/.test(trimmed) ? Number(trimmed) : trimmed;
}

function Group({ label, name, path, node, errors, hints, bare, required, children }: Part & { label: string; children: ReactNode }) {
  const error = errorAt(errors, path);
  const hint = errorAt(hints, path);
  const description = f.helps[name] ?? readable(node.description);
  return (
    <fieldset className="form-group grow" data-field={path}>
      <legend>{label}{required && !bare && <span className="ink-bad" aria-hidden> *</span>}</legend>
      {hint ? <p className="small ink-warn">{hint}</p> : !bare && description && description.length < 160 && <p className="small dim">{description}</p>}
      {children}
      {error && <p className="small ink-bad" role="alert">{error}</p>}
    </fieldset>
  );
}

function DurationPart({ root, node, value, path, required, errors, onChange }: Part) {
  const now = isObject(value) ? value : {};
  const units = resolve(root, node.properties?.unit ?? {}).enum ?? [];
  const set = (change: JsonObject) => {
    const next = { value: 0, unit: 'day', ...now, ...change };
    onChange(!required && change.value === '' ? undefined : next);
  };
  return (
    <div className="form-row">
      <TextInput size="xs" label={m.workbench.number} inputMode="numeric" w={96} value={now.value === undefined ? '' : String(now.value)} error={errorAt(errors, `${path}.value`)} onChange={(e) => set({ value: wholeNumber(e.currentTarget.value) ?? '' })} data-field={`${path}.value`} />
      <Select size="xs" label={m.workbench.unit} className="grow" data={units.map((u) => ({ value: u, label: words(u) }))} value={typeof now.unit === 'string' && now.unit !== '' ? now.unit : null} allowDeselect={false} error={errorAt(errors, `${path}.unit`)} onChange={(unit) => unit && set({ unit })} />
    </div>
  );
}

function MoneyPart({ value, path, required, errors, onChange }: Part) {
  const now = isObject(value) ? value : {};
  const set = (change: JsonObject) => onChange(!required && change.value === '' ? undefined : { value: '', currency: 'USD', ...now, ...change });
  return (
    <div className="form-row">
      <TextInput size="xs" label={m.workbench.amount} className="grow" inputMode="decimal" value={String(now.value ?? '')} error={errorAt(errors, `${path}.value`)} onChange={(e) => set({ value: e.currentTarget.value.replaceAll(',', '').trim() })} />
      <TextInput size="xs" label={m.workbench.currency} w={96} maxLength={3} value={String(now.currency ?? '')} error={errorAt(errors, `${path}.currency`)} onChange={(e) => set({ currency: e.currentTarget.value.toUpperCase() })} />
    </div>
  );
}

/** A list of words or numbers, separated by commas. What is typed is kept while it is typed. */
function ListPart({ root, node, path, value, required, label, description, error, onChange }: Part & { label: string; description: ReactNode; error: string | undefined }) {
  const shown = (Array.isArray(value) ? value : []).map(String).join(', ');
  const [typed, setTyped] = useState(shown);
  const integers = node.items && shapeOf(root, resolve(root, node.items)) === 'integer';
  const parse = (text: string): Json[] => text.split(',').map((t) => t.trim()).filter((t) => t !== '').map((t) => (integers ? (wholeNumber(t) ?? '') : t));
  const current = parse(typed).map(String).join(', ') === shown ? typed : shown;
  return <TextInput size="xs" label={label} description={description ?? f.commas} error={error} withAsterisk={required} value={current} data-field={path} onChange={(e) => { setTyped(e.currentTarget.value); onChange(parse(e.currentTarget.value)); }} />;
}

function ChoicesPart({ root, node, value, name, onChange }: Part) {
  const all = resolve(root, node.items ?? {}).enum ?? [];
  const chosen = (Array.isArray(value) ? value : []).map(String);
  return (
    <div className="row tight" role="group" aria-label={labelOf(name)}>
      {all.map((v) => <Checkbox key={v} size="xs" label={capital(words(v))} checked={chosen.includes(v)} onChange={(e) => onChange(e.currentTarget.checked ? all.filter((a) => a === v || chosen.includes(a)) : chosen.filter((c) => c !== v))} />)}
    </div>
  );
}

function RowsPart({ root, node, name, path, value, errors, hints, onChange }: Part) {
  const rows = Array.isArray(value) ? value : [];
  const item = resolve(root, node.items ?? {});
  const set = (i: number, next: JsonObject) => onChange(rows.map((r, k) => (k === i ? next : r)));
  return (
    <div className="stack mid">
      {rows.map((row, i) => (
        <div key={i} className="form-line" role="group" aria-label={`${labelOf(name)} ${i + 1}`}>
          <Members root={root} node={item} path={below(path, i)} value={isObject(row) ? row : {}} errors={errors} hints={hints} onChange={(next) => set(i, next)} inline />
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`${m.common.remove} ${labelOf(name).toLowerCase()} ${i + 1}`} onClick={() => onChange(rows.filter((_, k) => k !== i))}><IconX size={15} aria-hidden /></ActionIcon>
        </div>
      ))}
      <Add label={f.addRow} onClick={() => onChange([...rows, blank(root, item)])} />
    </div>
  );
}

/** What the form has no field for is still shown and can be changed. */
function OtherPart({ value, path, label, error, onChange }: Part & { label: string; error: string | undefined }) {
  const [typed, setTyped] = useState(() => JSON.stringify(value ?? null, null, 2));
  const [wrong, setWrong] = useState(false);
  return <Textarea size="xs" label={label} autosize minRows={2} value={typed} error={wrong ? m.workbench.fixJson : error} data-field={path} onChange={(e) => {
    setTyped(e.currentTarget.value);
    try { onChange(JSON.parse(e.currentTarget.value) as Json); setWrong(false); } catch { setWrong(true); }
  }} />;
}

function Add({ label, onClick }: { label: string; onClick: () => void }) {
  return <div><Button size="compact-sm" fz="xs" variant="subtle" leftSection={<IconPlus size={14} aria-hidden />} onClick={onClick}>{label}</Button></div>;
}
