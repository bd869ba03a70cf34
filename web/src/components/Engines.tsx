import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { post } from '../api/client';
import { calibrationQuery, enginesQuery, policiesQuery, qualityQuery } from '../api/queries';
import type { Calibration, Comparison, Policy, Score, Tally } from '../api/types';
import { capital, groupDigits, shareToPercent, words } from '../lib/format';
import { useNames } from '../lib/people';
import { useMay } from '../lib/session';
import { m } from '../messages';
import { DataTable, type Column } from './DataTable';
import { Glyph } from './Glyph';
import { Facts, Panel } from './Page';
import { ReasonDialog } from './Reason';
import { Empty, Loaded } from './States';
import { Time } from './Time';
import { useSay } from './Toasts';

const e = m.engines;

/** Who reads, how well by what people decided, and which versions there were. Promoting needs a comparison and stays on the command line. */
export function EnginesTab() {
  return <div className="stack"><ActiveEngines /><Versions /><Accuracy /><Calibrated /></div>;
}

function ActiveEngines() {
  const query = useQuery(enginesQuery);
  return (
    <Panel title={e.active}>
      <Loaded query={query} rows={3}>
        {(s) => (
          <div className="stack mid">
            {s.problem && <div className="banner tone-bad"><Glyph name="alert" size={16} /><span className="grow"><strong>{e.problem}.</strong> {s.problem}</span></div>}
            {s.budget_exhausted && <div className="banner tone-warn"><Glyph name="pause" size={16} /><span>{e.exhausted}</span></div>}
            <Facts items={[
              [e.builtIn, (s.built_in ?? []).join(', ')], [e.model, s.language_model ? [s.language_model, s.provider].filter(Boolean).join(' · ') : <span key="n" className="dim">{e.noModel}</span>], [e.version, s.version === 0 ? e.shipped : String(s.version)],
              [e.spent, s.spent.calls > 0 && e.spentText(s.spent.calls, groupDigits(String(s.spent.tokens)), `${s.spent.cost} ${s.spent.currency}`)], [e.pages, s.sends_pages && e.pagesText], [e.limit, [s.daily_tokens && `${groupDigits(String(s.daily_tokens))} tokens`, s.daily_cost].filter(Boolean).join(' · ')]]} />
          </div>
        )}
      </Loaded>
    </Panel>
  );
}

function Versions() {
  const client = useQueryClient();
  const say = useSay();
  const admin = useMay('admin');
  const [asking, setAsking] = useState(false);
  const query = useQuery(policiesQuery);
  const back = useMutation({
    mutationFn: (reason: string) => post('/policies/rollback', { kind: 'engines', reason }),
    onSuccess: async () => { await Promise.all(['policies', 'engines'].map((k) => client.invalidateQueries({ queryKey: [k] }))); setAsking(false); say.ok(e.done); },
  });
  const versions = (query.data?.items ?? []).filter((p) => p.kind === 'engines').sort((a, b) => b.version - a.version);
  const stored = versions.filter((p) => p.id !== '' && p.version > 0);
  return (
    <Panel title={e.versions} note={e.versionsNote} actions={admin && stored.some((p) => p.active) && <Button size="xs" variant="default" onClick={() => { back.reset(); setAsking(true); }}>{e.back}</Button>}>
      <Loaded query={query} rows={2}>
        {() => (stored.length === 0 ? <Empty title={e.versionsEmpty} text={e.versionsEmptyText} /> : <div className="stack">{stored.map((p) => <Version key={p.id} policy={p} />)}</div>)}
      </Loaded>
      {asking && <ReasonDialog title={e.backTitle} text={e.backText} action={e.back} danger busy={back.isPending} error={back.error} onClose={() => setAsking(false)} onSubmit={(reason) => back.mutate(reason)} />}
    </Panel>
  );
}

function Version({ policy }: { policy: Policy }) {
  const nameOf = useNames();
  const report = comparisonOf(policy.report);
  return (
    <section className="stack tight" aria-label={`${m.settings.version} ${policy.version}`}>
      <div className="row tight"><strong>{m.settings.version} {policy.version}</strong>{policy.active ? <span className="badge tone-ok"><Glyph name="check" size={12} />{e.active2}</span> : <span className="badge tone-mute">{m.settings.policyStates[policy.state] ?? policy.state}</span>}
        <span className="small dim wrap">{policy.note}{policy.created_by && <> · {nameOf(policy.created_by)}, <Time at={policy.created_at} /></>}</span></div>
      {report ? <Report report={report} /> : <p className="small dim" style={{ margin: 0 }}>{e.noReport}</p>}
      <details><summary className="small">{m.settings.body}</summary><pre className="json mono" tabIndex={0} aria-label={`${m.settings.body}, ${m.settings.version} ${policy.version}`}>{JSON.stringify(policy.body, null, 2)}</pre></details>
    </section>
  );
}

/** A report of another build may have another form: what is not understood is not shown as if it were. */
export function comparisonOf(report: unknown): Comparison | undefined {
  const r = report as Comparison | undefined;
  return r && typeof r === 'object' && typeof r.contracts === 'number' && Array.isArray(r.cells) ? r : undefined;
}

type Cell = NonNullable<Comparison['cells']>[number];
const tally = (t: Tally) => e.ofSamples(t.right, t.samples);
const reportColumns: Column<Cell>[] = [
  { id: 'field', header: e.field, cell: (c) => <>{capital(words(c.field))}{c.subject && c.subject !== 'term' && <span className="dim"> · {e.subjects[c.subject] ?? c.subject}</span>}</> }, { id: 'type', header: e.type, cell: (c) => words(c.type) },
  { id: 'a', header: e.before, align: 'right', cell: (c) => <span className="num">{tally(c.a)}</span> }, { id: 'b', header: e.now, align: 'right', cell: (c) => <span className="num strong">{tally(c.b)}</span> },
];

function Report({ report }: { report: Comparison }) {
  const changed = (report.cells ?? []).filter((c) => c.a.right !== c.b.right || c.a.wrong !== c.b.wrong || c.a.false !== c.b.false);
  return (
    <div className="stack tight">
      <div className="row tight small"><span className={`badge tone-${report.no_worse ? 'ok' : 'warn'}`}><Glyph name={report.no_worse ? 'check' : 'alert'} size={12} />{report.no_worse ? e.better : e.worse}</span><span className="dim">{e.contracts(report.contracts)}</span></div>
      {(report.regressions ?? []).map((x) => <p key={x} className="small" style={{ margin: 0 }}>{x}</p>)}
      {(report.not_compared ?? []).length > 0 && <p className="small dim" style={{ margin: 0 }}>{e.notCompared((report.not_compared ?? []).join('; '))}</p>}
      {changed.length > 0 && <details><summary className="small">{e.report} ({changed.length})</summary><DataTable rows={changed} columns={reportColumns} keyOf={(c) => `${c.subject ?? 'term'}/${c.field}/${c.type}`} label={e.report} hover={false} /></details>}
    </div>
  );
}

const columns: Column<Score>[] = [
  { id: 'field', header: e.field, cell: (s) => <span className="strong wrap">{capital(words(s.field))}</span> }, { id: 'type', header: e.type, cell: (s) => s.contract_type ? words(s.contract_type) : <span className="dim">{m.common.unknown}</span> },
  { id: 'extractor', header: e.extractor, cell: (s) => <span className="mono">{s.extractor}</span> }, { id: 'decided', header: e.decided, align: 'right', cell: (s) => <span className="num">{s.decided}</span> },
  { id: 'right', header: e.right, align: 'right', cell: (s) => <span className="num">{s.right}</span> }, { id: 'accuracy', header: e.share, align: 'right', cell: (s) => <span className="num strong nowrap">{shareToPercent(s.accuracy)} %</span> },
];

function Accuracy() {
  const query = useQuery(qualityQuery);
  const [text, setText] = useState('');
  const rows = useMemo(() => (query.data?.items ?? []).filter((s) => `${words(s.field)} ${words(s.contract_type)} ${s.extractor}`.toLowerCase().includes(text.trim().toLowerCase())), [query.data, text]);
  return (
    <Panel title={e.accuracy} note={e.accuracyNote} flush>
      <Loaded query={query} rows={4}>
        {({ items }) => ((items ?? []).length === 0 ? <Empty title={e.accuracyEmpty} text={e.accuracyEmptyText} /> : (
          <>
            <div style={{ padding: '0 16px 10px' }}><TextInput aria-label={e.accuracyFilter} placeholder={e.accuracyFilter} w={240} maw="100%" value={text} onChange={(x) => setText(x.currentTarget.value)} /></div>
            {rows.length === 0 ? <Empty title={m.common.nothingMatches} /> : <DataTable rows={rows} columns={columns} keyOf={(s) => `${s.subject}/${s.field}/${s.contract_type}/${s.extractor}`} label={e.accuracy} />}
          </>
        ))}
      </Loaded>
    </Panel>
  );
}

const moves: Column<Calibration>[] = [
  { id: 'field', header: e.field, cell: (c) => <span className="strong wrap">{capital(words(c.field))}</span> }, { id: 'extractor', header: e.extractor, cell: (c) => <span className="mono">{c.extractor}</span> },
  { id: 'decided', header: e.decided, align: 'right', cell: (c) => <span className="num">{c.decided}</span> }, { id: 'right', header: e.right, align: 'right', cell: (c) => <span className="num">{c.right}</span> },
  { id: 'own', header: e.own, align: 'right', cell: (c) => (c.decided > 0 ? <span className="num nowrap">{shareToPercent(c.own)} %</span> : <span className="dim">{m.common.none}</span>) },
  { id: 'now', header: e.moved, align: 'right', cell: (c) => (c.decided > 0 ? <span className="num strong nowrap">{shareToPercent(c.now)} %</span> : <span className="dim">{m.common.none}</span>) },
  { id: 'left', header: e.leftOut, cell: (c) => (c.left_out ? <span className="small dim wrap">{e.leftOutText(c.left_out)}</span> : '') },
];

/** What decisions make of confidences: readings of the same field and version start from it. */
function Calibrated() {
  const query = useQuery(calibrationQuery);
  return (
    <Panel title={e.calibration} note={e.calibrationNote} flush>
      <Loaded query={query} rows={4}>
        {({ items }) => ((items ?? []).length === 0 ? <Empty title={e.calibrationEmpty} text={e.calibrationEmptyText} /> : <DataTable rows={items ?? []} columns={moves} keyOf={(c) => `${c.subject}/${c.field}/${c.extractor}`} label={e.calibration} hover={false} />)}
      </Loaded>
    </Panel>
  );
}
