import { ActionIcon, Button, Modal, MultiSelect, Select, TextInput } from '@mantine/core';
import { IconDownload, IconPlus, IconX } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState, type DragEvent } from 'react';
import { post } from '../api/client';
import { eventImportQuery, eventImportsQuery, eventKindsQuery } from '../api/queries';
import type { EventImport, EventKind, EventMapping, EventWarning, ImportedTable, PreviewEvent, RejectedLine } from '../api/types';
import { formatSize, plural, readable, words } from '../lib/format';
import { useNames } from '../lib/people';
import { useMay, useUnits } from '../lib/session';
import { fitting, toCSV } from '../lib/table';
import { m } from '../messages';
import { DataTable, type Column } from './DataTable';
import { Go } from './Go';
import { List } from './List';
import { Facts, Panel } from './Page';
import { Empty, ErrorState, Loaded } from './States';
import { Time } from './Time';
import { useSay } from './Toasts';

const c = m.tables;

/** Tables of events: a file is mapped, looked at and brought; what was brought before, with the lines that were rejected. */
export function EventTablesTab() {
  const may = useMay('connector');
  return <div className="stack">{may ? <Bring /> : <p className="dim" style={{ margin: 0 }}>{c.reader}</p>}<Earlier /></div>;
}

interface TableFile { name: string; size: number; csv: string }
interface Draft { kind: string; fields: Record<string, string[]>; fixed: { field: string; value: string }[]; delimiter: string; dates: string; decimal: string; zone: string }
const noDraft: Draft = { kind: '', fields: {}, fixed: [], delimiter: '', dates: 'iso', decimal: 'point', zone: 'UTC' };

const mappingOf = (d: Draft): EventMapping => ({
  ...(d.kind ? { kind: d.kind } : {}), columns: Object.entries(d.fields).flatMap(([column, fields]) => fields.map((field) => ({ column, field }))), fixed: d.fixed.filter((f) => f.field && f.value.trim()),
  ...(d.delimiter ? { delimiter: d.delimiter } : {}), dates: d.dates, decimal: d.decimal, zone: d.zone.trim() || 'UTC',
});

/** A look at the headings alone: what every event needs is fixed, so that nothing is asked of the columns yet. */
const headings = (delimiter: string): EventMapping => ({ kind: 'sample', columns: [], fixed: [{ field: 'external_id', value: 'headings' }, { field: 'occurred_at', value: '2026-01-01' }, { field: 'data.state', value: 'up' }], ...(delimiter ? { delimiter } : {}) });

function Bring() {
  const client = useQueryClient();
  const say = useSay();
  const units = useUnits();
  const kinds = useQuery(eventKindsQuery);
  const [file, setFile] = useState<TableFile>();
  const [unit, setUnit] = useState(units.length === 1 && units[0] !== '*' ? (units[0] ?? 'default') : 'default');
  const [draft, setDraft] = useState<Draft>(noDraft);
  const [looked, setLooked] = useState<string>();
  const mapping = mappingOf(draft);
  const state = JSON.stringify([file?.name, file?.size, unit, mapping]);
  const send = (map: EventMapping, dry: boolean, f: TableFile) => post<ImportedTable>('/events/import', { business_unit: unit, name: f.name, csv: f.csv, mapping: map, dry_run: dry });
  const heads = useMutation({
    mutationFn: ({ f, delimiter }: { f: TableFile; delimiter: string }) => send(headings(delimiter), true, f),
    onSuccess: (t) => setDraft((d) => ({ ...d, fields: Object.fromEntries((t.columns ?? []).map((x) => [x.column, d.fields[x.column] ?? (x.suggested ? [x.suggested] : [])])) })),
  });
  const look = useMutation({ mutationFn: (f: TableFile) => send(mapping, true, f), onSuccess: () => setLooked(state) });
  const bring = useMutation({
    mutationFn: (f: TableFile) => send(mapping, false, f),
    onSuccess: async (t) => {
      await Promise.all(['event_imports', 'events', 'findings', 'contracts', 'overview'].map((k) => client.invalidateQueries({ queryKey: [k] })));
      say.ok(c.brought(plural(t.import.new, 'new event')));
    },
  });
  const take = (f: TableFile) => { setFile(f); setDraft((d) => ({ ...noDraft, kind: d.kind, delimiter: d.delimiter })); setLooked(undefined); look.reset(); bring.reset(); heads.mutate({ f, delimiter: draft.delimiter }); };
  const change = (part: Partial<Draft>) => { bring.reset(); setDraft((d) => ({ ...d, ...part })); };
  const columns = heads.data?.columns ?? [];
  const shown = bring.data ?? (looked === state ? look.data : undefined);
  return (
    <>
      <Panel title={c.bring} note={c.bringNote}>
        <div className="stack">
          <FileField file={file} onFile={take} />
          {heads.error && <ErrorState error={heads.error} />}
          {file && columns.length > 0 && (
            <form className="stack" onSubmit={(e) => { e.preventDefault(); bring.reset(); look.mutate(file); }}>
              <Loaded query={kinds} rows={2}>{({ items }) => <Columns columns={columns} kinds={items ?? []} draft={draft} onChange={change} onDelimiter={(delimiter) => { change({ delimiter, fields: {} }); heads.mutate({ f: file, delimiter }); }} />}</Loaded>
              {(units.length !== 1 || units[0] === '*') && <TextInput label={c.unit} maw={320} maxLength={120} value={unit} onChange={(e) => setUnit(e.currentTarget.value)} />}
              <div className="row">
                <Button type="submit" variant={looked === state ? 'default' : 'filled'} loading={look.isPending}>{c.look}</Button>
                <Button disabled={looked !== state || !!bring.data} loading={bring.isPending} onClick={() => bring.mutate(file)}>{c.take}</Button>
                <span className="small dim">{looked === state ? '' : c.lookFirst}</span>
              </div>
              {look.error && !look.isPending && <ErrorState error={look.error} />}
              {bring.error && <ErrorState error={bring.error} />}
            </form>
          )}
        </div>
      </Panel>
      {shown && <Outcome table={shown} />}
    </>
  );
}

function FileField({ file, onFile }: { file: TableFile | undefined; onFile: (file: TableFile) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const read = async (list: FileList | null) => {
    const f = list?.[0];
    if (f) onFile({ name: f.name, size: f.size, csv: await f.text() });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void read(event.dataTransfer.files);
  };
  return (
    <div className="drop" data-over={over} onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
      <span className="wrap">{file ? `${file.name}, ${formatSize(file.size)}` : c.drop}</span>
      <Button variant="default" onClick={() => input.current?.click()}>{file ? c.another : c.choose}</Button>
      <input ref={input} type="file" accept=".csv,text/csv,text/plain" hidden aria-label={c.choose} onChange={(e) => { void read(e.currentTarget.files); e.currentTarget.value = ''; }} />
    </div>
  );
}

const fieldName = (path: string) => words(path.replace(/^data\./, '').replace(/\.value$/, '').replaceAll('.', ': '));

interface ColumnsProps { columns: { column: string; samples: string[] | null | undefined; suggested?: string }[]; kinds: EventKind[]; draft: Draft; onChange: (part: Partial<Draft>) => void; onDelimiter: (delimiter: string) => void }

function Columns({ columns, kinds, draft, onChange, onDelimiter }: ColumnsProps) {
  const kind = kinds.find((k) => k.kind === draft.kind);
  const known = useMemo(() => {
    const paths = kind ? (kind.fields ?? []).map((f) => f.path) : [...new Set(['kind', ...kinds.flatMap((k) => (k.fields ?? []).map((f) => f.path))])];
    return paths.map((p) => ({ value: p, label: fieldName(p) }));
  }, [kind, kinds]);
  const offered = (field: string | undefined) => (known.some((k) => k.value === field) ? field ?? null : null);
  const choose = (next: string | null) => { // what the new kind does not have is mapped to nothing
    const k = kinds.find((x) => x.kind === next);
    const has = (f: string) => !k || (k.fields ?? []).some((x) => x.path === f);
    onChange({ kind: next ?? '', fields: Object.fromEntries(Object.entries(draft.fields).map(([col, f]) => [col, fitting(f, columns.find((x) => x.column === col)?.suggested, has)])), fixed: draft.fixed.filter((f) => has(f.field)) });
  };
  const remember = (i: EventImport) => onChange({
    kind: i.mapping.kind ?? '', fields: Object.fromEntries(columns.map((x) => [x.column, (i.mapping.columns ?? []).filter((y) => y.column === x.column).map((y) => y.field)])), fixed: i.mapping.fixed ?? [], dates: i.mapping.dates || 'iso', decimal: i.mapping.decimal || 'point', zone: i.mapping.zone || 'UTC',
  });
  return (
    <>
      <div className="form-row">
        <Select className="grow" label={c.kind} placeholder={c.kindColumn} searchable clearable clearButtonProps={{ 'aria-label': m.common.remove }} data={kinds.map((k) => ({ value: k.kind, label: k.title }))} value={draft.kind || null} onChange={choose} />
        <Remembered onChoose={remember} />
      </div>
      {kind && <p className="small dim" style={{ margin: 0 }}>{c.needs((kind.needs ?? []).map((n) => n.split('|').map(fieldName).join(c.or)).join(', '))}{(kind.for ?? []).length > 0 && ` ${c.judged((kind.for ?? []).map(words).join(', '))}`}</p>}
      <fieldset className="form-group"><legend>{c.columns}</legend>
        {columns.map((x) => (
          <div key={x.column} className="form-line column-line" role="group" aria-label={x.column}>
            <span className="grow wrap"><strong>{x.column}</strong> <span className="small dim">{(x.samples ?? []).filter(Boolean).slice(0, 3).join(' · ')}</span></span>
            <MultiSelect size="xs" aria-label={c.means(x.column)} placeholder={(draft.fields[x.column] ?? []).length === 0 ? c.unused : ''} searchable hidePickedOptions data={known} value={(draft.fields[x.column] ?? []).filter((f) => known.some((k) => k.value === f))} onChange={(v) => onChange({ fields: { ...draft.fields, [x.column]: v } })} />
          </div>
        ))}
      </fieldset>
      <fieldset className="form-group"><legend>{c.fixed}</legend>
        <p className="small dim">{c.fixedText}</p>
        {draft.fixed.map((f, i) => (
          <div key={i} className="form-line" role="group" aria-label={`${c.fixed} ${i + 1}`}>
            <Select size="xs" className="grow" label={c.field} searchable data={known} value={offered(f.field)} onChange={(v) => onChange({ fixed: draft.fixed.map((x, k) => (k === i ? { ...x, field: v ?? '' } : x)) })} />
            <TextInput size="xs" className="grow" label={c.value} value={f.value} onChange={(e) => onChange({ fixed: draft.fixed.map((x, k) => (k === i ? { ...x, value: e.currentTarget.value } : x)) })} />
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`${m.common.remove} ${i + 1}`} onClick={() => onChange({ fixed: draft.fixed.filter((_, k) => k !== i) })}><IconX size={15} aria-hidden /></ActionIcon>
          </div>
        ))}
        <div><Button size="compact-sm" fz="xs" variant="subtle" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => onChange({ fixed: [...draft.fixed, { field: '', value: '' }] })}>{c.addFixed}</Button></div>
      </fieldset>
      <div className="form-row">
        <Select label={c.delimiter} w={170} data={c.delimiters} value={draft.delimiter} allowDeselect={false} onChange={(v) => onDelimiter(v ?? '')} />
        <Select label={c.dates} w={210} data={c.dateForms} value={draft.dates} allowDeselect={false} onChange={(v) => onChange({ dates: v ?? 'iso' })} />
        <Select label={c.decimal} w={170} data={c.decimals} value={draft.decimal} allowDeselect={false} onChange={(v) => onChange({ decimal: v ?? 'point' })} />
        <TextInput label={c.zone} w={210} value={draft.zone} onChange={(e) => onChange({ zone: e.currentTarget.value })} />
      </div>
    </>
  );
}

/** The columns of a table that was brought before, by the name of its file. */
function Remembered({ onChoose }: { onChoose: (i: EventImport) => void }) {
  const { data } = useInfiniteQuery(eventImportsQuery({ limit: 50 }));
  const list = useMemo(() => {
    const byName = new Map<string, EventImport>();
    for (const i of (data?.pages ?? []).flatMap((p) => p.items ?? [])) if (i.name && (i.mapping.columns ?? []).length > 0 && !byName.has(i.name)) byName.set(i.name, i);
    return [...byName.values()];
  }, [data]);
  if (list.length === 0) return null;
  return <Select className="grow" label={c.remembered} placeholder={c.rememberedNone} data={list.map((i) => ({ value: i.id, label: i.name }))} value={null} onChange={(v) => { const i = list.find((x) => x.id === v); if (i) onChoose(i); }} />;
}

/** Why a line that is taken counts for nothing so far, or may be a slip: beside it. What only waits is told more softly. */
function Warnings({ list }: { list: EventWarning[] }) {
  return list.map((w) => <span key={`${w.field ?? ''} ${w.message}`} className={w.waits ? 'wrap small dim' : 'wrap small ink-warn'} style={{ display: 'block' }}><strong>{w.waits ? c.waits : c.warning}</strong> {w.field && <span className="mono">{w.field}</span>} {w.message}</span>);
}

const previewOf = (warnings: EventWarning[]): Column<PreviewEvent>[] => [
  { id: 'line', header: c.line, align: 'right', cell: (p) => <span className="num">{p.line}</span> },
  { id: 'event', header: m.finding.event, cell: (p) => <span className="wrap"><strong>{p.event.subject || p.event.external_id}</strong> <span className="small dim">{words(p.event.kind)}, {p.event.external_id}</span><Warnings list={warnings.filter((w) => w.line === p.line)} /></span> },
  { id: 'at', header: m.finding.at, cell: (p) => <Time at={p.event.occurred_at} /> },
  { id: 'contract', header: m.finding.contract, cell: (p) => (p.repeated ? <span className="dim">{c.repeated}</span> : <span className="wrap">{p.contract_id ? <Go href={`/contracts/${p.contract_id}`}>{readable(p.matched_by)}</Go> : <span className="ink-warn">{readable(p.matched_by)}</span>}</span>) },
];

function Outcome({ table }: { table: ImportedTable }) {
  const i = table.import;
  const warnings = table.warnings ?? [];
  const shown = new Set((table.preview ?? []).map((p) => p.line));
  const further = warnings.filter((w) => !shown.has(w.line));
  return (
    <div className="stack" role="status">
      <Panel title={table.dry_run ? c.would : c.did} note={table.dry_run ? c.nothingKept : i.name}>
        <Counts i={i} warnings={warnings.filter((w) => !w.waits).length} waits={warnings.filter((w) => w.waits).length} />
      </Panel>
      {i.rejected > 0 && <Rejected name={i.name} lines={i.rejections ?? []} />}
      {(table.preview ?? []).length > 0 && <Panel title={c.preview} note={c.previewNote} flush><DataTable rows={table.preview ?? []} columns={previewOf(warnings)} keyOf={(p) => p.event.external_id} label={c.preview} /></Panel>}
      {further.length > 0 && <Panel title={c.further} note={c.furtherNote} flush><DataTable rows={further} columns={warned} keyOf={(w) => `${w.line} ${w.field ?? ''} ${w.message}`} label={c.further} hover={false} /></Panel>}
    </div>
  );
}

const warned: Column<EventWarning>[] = [
  { id: 'line', header: c.line, align: 'right', cell: (w) => <span className="num">{w.line}</span> },
  { id: 'event', header: m.finding.event, cell: (w) => <span className="wrap">{w.external_id}</span> },
  { id: 'why', header: c.why, cell: (w) => <Warnings list={[w]} /> },
];

function Counts({ i, warnings = 0, waits = 0 }: { i: EventImport; warnings?: number; waits?: number }) {
  return <Facts items={[[c.lines, <span key="l" className="num">{i.lines}</span>], [c.events, <span key="e" className="num">{i.events}</span>], [c.fresh, <span key="n" className="num">{i.new}</span>], [c.repeatedCount, <span key="r" className="num">{i.repeated}</span>],
    [c.unmatched, i.unmatched > 0 && <span key="u"><span className="num">{i.unmatched}</span> · <Go href="/connections?tab=unmatched">{c.toUnmatched}</Go></span>], [c.rejectedCount, <span key="x" className={i.rejected > 0 ? 'num ink-bad' : 'num'}>{i.rejected}</span>],
    [c.warningCount, warnings > 0 && <span key="w" className="num ink-warn">{warnings}</span>], [c.waitCount, waits > 0 && <span key="y" className="num">{waits}</span>]]} />;
}

const rejected: Column<RejectedLine>[] = [
  { id: 'line', header: c.line, align: 'right', cell: (l) => <span className="num">{l.line}</span> },
  { id: 'why', header: c.why, cell: (l) => <span className="wrap">{(l.problems ?? []).join(' ')}</span> },
  { id: 'text', header: c.text, cell: (l) => <span className="mono wrap">{l.text}</span> },
];

/** The lines that were not taken, each with its reasons; as a file they can be mended and brought again. */
function Rejected({ name, lines }: { name: string; lines: RejectedLine[] }) {
  const save = () => {
    const address = URL.createObjectURL(new Blob([toCSV([['line', 'problems', 'text'], ...lines.map((l) => [String(l.line), (l.problems ?? []).join(' '), l.text])])], { type: 'text/csv' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = `rejected-${name.replace(/\.csv$/i, '') || 'lines'}.csv`;
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <Panel title={c.rejected} note={c.rejectedNote} actions={<Button size="xs" variant="default" leftSection={<IconDownload size={14} aria-hidden />} onClick={save}>{c.download}</Button>} flush>
      <DataTable rows={lines} columns={rejected} keyOf={(l) => `${l.line} ${l.text}`} label={c.rejected} hover={false} />
    </Panel>
  );
}

function Earlier() {
  const query = useMemo(() => eventImportsQuery({ limit: 50 }), []);
  const nameOf = useNames();
  const [open, setOpen] = useState<EventImport>();
  const columns: Column<EventImport>[] = useMemo(() => [
    { id: 'name', header: c.file, cell: (i) => <button type="button" className="linkish strong wrap" onClick={() => setOpen(i)}>{i.name || i.id}</button> },
    { id: 'kind', header: c.kind, cell: (i) => (i.mapping.kind ? words(i.mapping.kind) : c.several) },
    { id: 'at', header: m.finding.at, cell: (i) => <Time at={i.created_at} /> },
    { id: 'by', header: c.by, cell: (i) => nameOf(i.by) },
    { id: 'lines', header: c.lines, align: 'right', cell: (i) => <span className="num">{i.lines}</span> },
    { id: 'new', header: c.fresh, align: 'right', cell: (i) => <span className="num">{i.new}</span> },
    { id: 'rejected', header: c.rejectedCount, align: 'right', cell: (i) => <span className={i.rejected > 0 ? 'num ink-bad' : 'num'}>{i.rejected}</span> },
  ], [nameOf]);
  return (
    <>
      <Panel title={c.earlier} flush><List query={query} columns={columns} keyOf={(i) => i.id} label={c.earlier} filtered={false} empty={<Empty title={c.none} text={c.noneText} />} /></Panel>
      {open && <Modal opened onClose={() => setOpen(undefined)} title={open.name || open.id} size="xl" closeButtonProps={{ 'aria-label': m.common.close }}><One id={open.id} /></Modal>}
    </>
  );
}

function One({ id }: { id: string }) {
  const query = useQuery(eventImportQuery(id));
  return <Loaded query={query}>{(i) => <div className="stack"><Counts i={i} />{i.rejected > 0 && <Rejected name={i.name} lines={i.rejections ?? []} />}</div>}</Loaded>;
}
