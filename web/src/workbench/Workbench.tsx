import { Button, SegmentedControl } from '@mantine/core';
import { useDisclosure, useLocalStorage } from '@mantine/hooks';
import { IconKeyboard } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type CSSProperties } from 'react';
import { get, post } from '../api/client';
import { nearestQuery } from '../api/queries';
import type { Evidence, NearPassage, Place, Review, ReviewDetail } from '../api/types';
import { ClausePanel } from '../clauses/ClausePanel';
import { useSpot } from '../clauses/useSpot';
import { StateBadge } from '../components/Glyph';
import { Time } from '../components/Time';
import { useFilters } from '../lib/filters';
import { useMay, useSession } from '../lib/session';
import { m } from '../messages';
import type { Draft } from './AddForm';
import type { Reading } from './choices';
import { BulkDialog, ConflictDialog, KeysDialog } from './Dialogs';
import { Divider, useShare } from './Divider';
import { DocumentPane } from './DocumentPane';
import { ReviewPanel } from './Panel';
import type { Mode } from './Row';
import { SelectionBar } from './SelectionBar';
import { marksOf, passagesOf, type Selected } from './target';
import { isOpen, useDesk, type Choice } from './useDesk';

const w = m.workbench;

export function Workbench({ detail }: { detail: ReviewDetail }) {
  const desk = useDesk(detail);
  const { current, setStatus } = desk;
  const { review, contract } = detail;
  const closed = review.state === 'finished' || review.state === 'superseded';
  const may = useMay('reviewer') && !closed;
  const [mode, setMode] = useState<Mode>('look');
  const [at, setAt] = useState(0);
  const [jump, setJump] = useState(0);
  const [selected, setSelected] = useState<Selected>();
  const [evidence, setEvidence] = useState<Evidence>();
  const [note, setNote] = useState<string>();
  const [draft, setDraft] = useState<Draft>();
  const [finding, setFinding] = useState(0);
  const [documentID, setDocumentID] = useState(review.document_id);
  const [share, setShare] = useShare();
  const [filters, setFilters] = useFilters();
  const clauses = filters.side === 'clauses'; // what stands beside the document: the values, or its clauses
  const clause = useSpot(documentID);
  const [keysOn, setKeysOn] = useLocalStorage({ key: 'pactloop.workbench.keys', defaultValue: true });
  const [help, helpDialog] = useDisclosure();
  const bulk = useBulk(detail, desk);
  const currentID = current?.id;

  // What is opened together with its evidence keeps it; everything else starts anew, before a key can be pressed on it.
  const carried = useRef<string>(undefined);
  useLayoutEffect(() => {
    setAt(0);
    if (carried.current === currentID) { carried.current = undefined; return; }
    setMode('look');
    setEvidence(undefined);
    setNote(undefined);
  }, [currentID]);
  const search = useQuery({ ...nearestQuery(review.id, current?.name ?? ''), enabled: current?.state === 'not_found' });
  const near = current?.state === 'not_found' ? search.data?.passages : undefined;
  const places = useMemo(() => passagesOf(current, near ?? []), [current, near]);
  const home = places[at]?.passage.document_id;
  useEffect(() => { if (home) setDocumentID(home); }, [home, jump]);
  const marks = useMemo(() => marksOf(places, at), [places, at]);
  const changeMode = (next: Mode) => {
    setMode(next);
    if (next === 'look') { setEvidence(undefined); setNote(undefined); desk.correct.reset(); }
  };
  const changeDraft = (next: Draft | undefined) => {
    setDraft(next);
    if (!next) setEvidence(undefined);
    else setMode('look');
  };

  const decide = (choice: Choice) => {
    if (!current) return;
    changeMode('look');
    desk.decide(current, choice);
  };
  const takeReading = (reading: Reading) => {
    if (reading.choice) return decide(reading.choice);
    setNote(reading.note);
    return setMode('edit');
  };
  const use = ({ passage }: NearPassage) => {
    setEvidence({ passage });
    if (!draft) setMode('edit');
  };
  const chooseSelected = useCallback((hit: Selected) => setSelected(hit), []);
  const take = useMutation({
    mutationFn: ({ hit }: { hit: Selected; target: string }) => get<{ quote: string; places: Place[] | null }>(`/documents/${hit.documentID}/places`, { start: hit.start, end: hit.end }),
    onSuccess: (answer, { hit, target }) => {
      setEvidence({ passage: { document_id: hit.documentID, text_id: hit.textID, quote: answer.quote || hit.quote, start: hit.start, end: hit.end, places: answer.places ?? [], verification: 'verified' } });
      setSelected(undefined);
      const [kind, name = ''] = [target.slice(0, target.indexOf(':')), target.slice(target.indexOf(':') + 1)];
      if (kind === 'row') {
        setDraft(undefined);
        if (name !== currentID) carried.current = name;
        desk.open(name);
        setMode('edit');
      } else if (kind !== 'draft') setDraft({ subject: kind === 'term' ? 'term' : 'obligation', name });
    },
    onError: (error) => setStatus(error.message),
  });
  const documents = detail.documents ?? [];
  const turn = (step: number) => {
    const next = documents[(documents.findIndex((d) => d.id === documentID) + step + documents.length) % documents.length];
    if (!next || documents.length < 2) return setStatus(w.oneDocument);
    setDocumentID(next.id);
    return setStatus(next.filename);
  };
  const assign = useAssign(review, setStatus);
  const open = detail.candidates?.filter(isOpen).length ?? review.open;
  const finish = () => {
    if (!may) return;
    if (open > 0) {
      desk.setFilter(desk.counts.needs > 0 ? 'needs' : 'all');
      setStatus(w.finishOpen(open)); // behind the filter, which clears what was said
    } else desk.finish.mutate();
  };

  return (
    <div className="bench" style={{ '--share': `${share}%` } as CSSProperties} onKeyDown={(e) => { if ((e.ctrlKey || e.metaKey) && e.key === 'Enter') { e.preventDefault(); finish(); } }}>
      <header className="bench-bar">
        <div className="grow clip">
          <h1 className="clip"><Link to="/contracts/$id" params={{ id: contract.id }}>{contract.title || contract.number}</Link></h1>
          <span className="small dim clip">{[contract.customer, contract.number, `${w.phase.toLowerCase()} ${contract.phase}`, w.policy(review.policy_version)].filter(Boolean).join(' · ')}</span>
        </div>
        <Progress done={desk.all.length - open} total={desk.all.length} />
        {review.due_at && !closed && <span className="small dim nowrap">{m.reviews.due} <Time at={review.due_at} ago /></span>}
        <Assign review={review} may={may} assign={assign} />
        <StateBadge domain="review" state={review.state} />
        {may && <Button size="xs" onClick={finish} loading={desk.finish.isPending} variant={open > 0 ? 'default' : 'filled'}>{w.finish}</Button>}
      </header>
      <div className="bench-body">
        <DocumentPane documents={detail.documents ?? []} documentID={documentID} onDocument={setDocumentID} marks={clauses ? clause.marks : marks} jump={clauses ? clause.jump : jump} finding={finding} onSelect={chooseSelected} />
        <Divider share={share} onShare={setShare} />
        <div className="side">
          <div className="side-bar"><SegmentedControl size="xs" fullWidth aria-label={m.clauses.sides} data={(['values', 'clauses'] as const).map((s) => ({ value: s, label: m.clauses.side[s] }))} value={clauses ? 'clauses' : 'values'} onChange={(s) => setFilters({ side: s === 'clauses' ? s : undefined, part: undefined, kind: undefined })} /></div>
          {clauses && <ClausePanel documentID={documentID} shown={clause.spot} onShow={clause.show} />}
        <ReviewPanel hidden={clauses} desk={desk} detail={detail} may={may} mode={mode} onMode={changeMode} evidence={evidence} note={note} onDropEvidence={() => setEvidence(undefined)} places={places.length} search={search} at={at} onAt={setAt} onShow={() => setJump((n) => n + 1)}
          onBulk={() => void bulk.open()} confident={bulk.list.length} keysOn={keysOn} onHelp={helpDialog.open} onDecide={decide} onTake={takeReading} onUse={use} draft={draft} onDraft={changeDraft} onFind={() => setFinding((n) => n + 1)} onTurn={turn} onAssign={() => { if (!review.assignee) assign.mutate(); else setStatus(w.assignedAlready); }} />
        </div>
      </div>
      {selected && may && <SelectionBar key={`${selected.start}/${selected.end}`} selected={selected} desk={desk} specs={detail.specs ?? []} drafting={!!draft} busy={take.isPending} onUse={(target) => take.mutate({ hit: selected, target })} onClose={() => setSelected(undefined)} />}
      <footer className="bench-foot">
        <span role="status" aria-live="polite" className="grow clip">{desk.status || (closed ? w.closed(review.state) : !may ? w.readOnly : '')}</span>
        <span className="keys" aria-hidden>{w.keys.slice(0, 6).map(([k, does]) => <span key={k}>{k.split(' ').map((x) => <kbd key={x}>{x}</kbd>)} {does.split(',')[0]}</span>)}</span>
        <button type="button" className="linkish row tight" onClick={helpDialog.open}><IconKeyboard size={16} aria-hidden />{w.keysTitle} <kbd>?</kbd></button>
      </footer>
      <BulkDialog list={bulk.list} opened={bulk.opened} busy={desk.bulk.isPending} onClose={bulk.close} onAccept={() => desk.bulk.mutate(undefined, { onSuccess: bulk.close })} />
      <ConflictDialog conflict={desk.conflict} onClose={() => { desk.setConflict(undefined); changeMode('look'); }} onApply={({ theirs, choice }) => { desk.setConflict(undefined); changeMode('look'); desk.decide(theirs, choice); }} />
      <KeysDialog opened={help} onClose={helpDialog.close} on={keysOn} onToggle={setKeysOn} />
    </div>
  );
}

/** What passes every gate, as the server says it: the preview is its list, not our guess. */
function useBulk(detail: ReviewDetail, desk: ReturnType<typeof useDesk>) {
  const [opened, dialog] = useDisclosure();
  const may = useMay('reviewer');
  const closed = detail.review.state === 'finished' || detail.review.state === 'superseded';
  const preview = useQuery({
    queryKey: ['reviews', detail.review.id, 'confident', detail.review.revision],
    queryFn: () => post<{ candidates: string[] | null }>(`/reviews/${detail.review.id}/accept-confident`, { preview: true }),
    enabled: may && !closed,
    placeholderData: (old) => old,
  });
  const ids = new Set(preview.data?.candidates ?? []);
  const list = desk.all.filter((c) => ids.has(c.id) && c.state === 'open');
  // Asked for before the list is here, it is waited for: that there is nothing may only be said when it is known.
  const open = async () => {
    const asked = preview.data ?? (await preview.refetch()).data;
    const some = desk.all.some((c) => c.state === 'open' && asked?.candidates?.includes(c.id));
    if (some) dialog.open(); else desk.setStatus(preview.isError ? m.common.failed : w.status.noConfident);
  };
  return { opened, open, close: dialog.close, list };
}

function Progress({ done, total }: { done: number; total: number }) {
  return (
    <span className="progress" role="progressbar" aria-valuenow={done} aria-valuemin={0} aria-valuemax={total} aria-label={w.progress(done, total)}>
      <span className="small num nowrap">{w.progress(done, total)}</span>
      <i aria-hidden><b style={{ width: `${total ? (done / total) * 100 : 0}%` }} /></i>
    </span>
  );
}

function useAssign(review: Review, say: (text: string) => void) {
  const session = useSession();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => post<Review>(`/reviews/${review.id}/assign`, { assignee: session?.email || session?.actor.id, revision: review.revision }),
    onSuccess: () => say(w.assignedMe),
    onError: (error) => say(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: ['reviews'] }),
  });
}

function Assign({ review, may, assign }: { review: Review; may: boolean; assign: ReturnType<typeof useAssign> }) {
  const session = useSession();
  if (review.assignee) return <span className="small dim nowrap">{w.assignedTo(session && (review.assignee === session.email || review.assignee === session.actor.id) ? session.actor.name : review.assignee)}</span>;
  if (!may) return null;
  return <Button size="compact-sm" variant="subtle" loading={assign.isPending} onClick={() => assign.mutate()}>{w.assignMe}</Button>;
}
