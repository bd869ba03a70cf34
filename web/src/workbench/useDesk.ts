/**
 * The desk of one review: which value is under the hand, what was decided here and can be taken back, and the writes.
 * The order is the server's and does not change; the rows of a filter are fixed when it is chosen, so nothing moves away
 * under the reviewer's hands.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ApiError, post } from '../api/client';
import { reviewQuery } from '../api/queries';
import type { Candidate, Decision, Evidence, Obligation, Review, ReviewDetail, Value } from '../api/types';
import { m } from '../messages';
import { choicesOf } from './choices';

export type Filter = 'needs' | 'questions' | 'all' | 'missing' | 'done';
/** Why a candidate may be rejected, in the order of the keys; an obligation may be right and not be tracked, which counts as read rightly. */
export const rejections = (c: Candidate): Choice[] => [
  ...m.workbench.rejectReasons.map((reason): Choice => ({ kind: 'reject', reason })),
  ...(c.subject === 'obligation' ? [{ kind: 'reject', reason: m.workbench.notTracked, not_tracked: true } satisfies Choice] : []),
];

export const isOpen = (c: Candidate) => c.state === 'open' || c.state === 'not_found';
export const labelOf = (c: Candidate) => c.label || c.obligation?.title || c.name;
export const readingOf = (c: Candidate) => ({ value: c.decided_value ?? c.value, obligation: c.decided_obligation ?? c.obligation });

export interface Choice { kind: 'accept' | 'correct' | 'reject' | 'restore'; value?: Value; obligation?: Obligation; reason?: string; evidence?: Evidence[]; rival?: number; same_as?: string; another?: boolean; not_tracked?: boolean }
export interface Conflict { choice: Choice; mine: Candidate; theirs: Candidate; detail: string }
export interface Addition { subject: 'term' | 'obligation'; name: string; value?: Value; obligation?: Obligation; reason?: string; evidence?: Evidence[]; same_as?: string; another?: boolean }
export interface Decided { candidate: Candidate; review: Review; decision: Decision }

export const fits: Record<Filter, (c: Candidate) => boolean> = {
  needs: (c) => isOpen(c) && (c.state === 'not_found' || (c.reasons ?? []).length > 0),
  all: () => true,
  // Found, and a person chooses what it means.
  questions: (c) => choicesOf(c).all.length > 0 || choicesOf(c).questions.length > 0,
  missing: (c) => c.state === 'not_found' || (!readingOf(c).value && !readingOf(c).obligation && choicesOf(c).all.length === 0),
  done: (c) => !isOpen(c),
};

/** The value of "another one" among the keys of what it may be the same as. */
export const another = '\u0000another';
export const identity = (said: string | undefined): { same_as?: string; another?: boolean } => (said === undefined ? {} : said === another ? { another: true } : { same_as: said });

/** A required term of which a person said that the document does not have it. */
export const isAbsent = (c: Candidate) => c.state === 'rejected' && !c.value && !c.obligation;

function saysOf(choice: Choice, candidate: Candidate): string {
  const say = m.workbench.status;
  const label = labelOf(candidate);
  switch (choice.kind) {
    case 'accept': return say.accepted(label);
    case 'correct': return say.corrected(label);
    case 'reject': return isAbsent(candidate) ? say.absent(label) : say.rejected(label);
    case 'restore': return say.restored(1);
  }
}

/** A choice that tracks something: as it was read, or as one of its readings. */
const takes = (choice: Choice) => choice.kind === 'accept' || choice.kind === 'correct';

const after: Record<Choice['kind'], string> = { accept: 'accepted', correct: 'corrected', reject: 'rejected', restore: 'open' };

export function useDesk(detail: ReviewDetail) {
  const client = useQueryClient();
  const reviewID = detail.review.id;
  const key = reviewQuery(reviewID).queryKey;
  const all = useMemo(() => [...(detail.candidates ?? [])].sort((a, b) => a.order - b.order), [detail.candidates]);
  const pick = useCallback((f: Filter) => all.filter(fits[f]).map((c) => c.id), [all]);

  const [filter, setFilterName] = useState<Filter>(() => (all.some(fits.needs) ? 'needs' : 'all'));
  const [ids, setIDs] = useState<string[]>(() => pick(filter));
  const [currentID, setCurrent] = useState<string | undefined>(ids[0]);
  const [status, setStatus] = useState('');
  const [conflict, setConflict] = useState<Conflict>();
  const undo = useRef<string[][]>([]);
  // What looks like something that is tracked: whether it is the same, as the reviewer says it. Nothing is chosen at first.
  const [same, setSame] = useState<Record<string, string>>({});
  const trackedOf = (c: Candidate) => (isOpen(c) ? (detail.tracked ?? []).filter((t) => t.candidate_id === c.id) : []);
  const identityOf = (c: Candidate) => (trackedOf(c).length > 0 ? identity(same[c.id]) : {});

  const rows = useMemo(() => ids.map((id) => all.find((c) => c.id === id)).filter((c) => c !== undefined), [ids, all]);
  const current = rows.find((c) => c.id === currentID);
  const counts = useMemo(() => Object.fromEntries((Object.keys(fits) as Filter[]).map((f) => [f, all.filter(fits[f]).length])) as Record<Filter, number>, [all]);

  // A reading that came in meanwhile: what is new joins at the end, what is there keeps its place.
  const known = useRef(new Set(all.map((c) => c.id)));
  useEffect(() => {
    const fresh = all.filter((c) => !known.current.has(c.id));
    if (fresh.length === 0) return;
    fresh.forEach((c) => known.current.add(c.id));
    setIDs((old) => [...old, ...fresh.filter(fits[filter]).map((c) => c.id)]);
  }, [all, filter]);

  const setFilter = (f: Filter) => {
    const next = pick(f);
    setFilterName(f);
    setIDs(next);
    setCurrent(next[0]);
    setStatus('');
  };
  /** Turns to a value by hand: what was said of the one before is over. */
  const choose = (id: string) => {
    if (id !== currentID) setStatus('');
    setCurrent(id);
  };
  const move = (step: number) => {
    const at = rows.findIndex((c) => c.id === currentID);
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    if (next) choose(next.id);
  };
  /** Opens a value whatever the filter: one that hides it gives way. */
  const open = (id: string) => {
    if (!ids.includes(id)) {
      setFilterName('all');
      setIDs(pick('all'));
    }
    setCurrent(id);
  };
  const goOn = (id: string) => {
    const at = rows.findIndex((c) => c.id === id);
    const next = [...rows.slice(at + 1), ...rows.slice(0, at)].find((c) => isOpen(c) && c.id !== id);
    if (next) setCurrent(next.id);
  };

  const patch = useCallback((change: (old: ReviewDetail) => ReviewDetail) => client.setQueryData<ReviewDetail>(key, (old) => (old ? change(old) : old)), [client, key]);
  // A reading of the review that set out before a decision would put the old state back when it comes in after it.
  const overtake = useCallback(() => client.cancelQueries({ queryKey: key }), [client, key]);
  const put = useCallback((candidates: Candidate[], review?: Review) => patch((old) => ({
    ...old, review: review ?? old.review, candidates: (old.candidates ?? []).map((c) => candidates.find((n) => n.id === c.id) ?? c),
  })), [patch]);

  const decideCall = useMutation({
    mutationFn: ({ candidate, choice }: { candidate: Candidate; choice: Choice }) => post<Decided>(`/candidates/${candidate.id}/decisions`, { ...choice, ...(takes(choice) ? identityOf(candidate) : {}), revision: candidate.revision }),
    onMutate: async ({ candidate, choice }) => {
      await overtake();
      put([{ ...candidate, state: choice.kind === 'restore' && !candidate.value && !candidate.obligation && !candidate.ambiguities?.length && !candidate.rivals?.length ? 'not_found' : after[choice.kind], ...(choice.value ? { decided_value: choice.value } : {}), ...(choice.obligation ? { decided_obligation: choice.obligation } : {}) }]);
    },
    onSuccess: async ({ candidate, review }, { choice }) => {
      await overtake();
      put([candidate], review);
      if (choice.kind !== 'restore') undo.current.push([candidate.id]);
      setStatus(saysOf(choice, candidate));
      moved(candidate);
    },
    onError: (error, { candidate, choice }) => {
      put([candidate]); // what was shown early is taken back
      setCurrent(candidate.id);
      if (!conflicts(error, candidate, choice)) setStatus(error.message);
    },
  });
  /** Taken as the same as what is tracked, it may set aside what a person added under that key. */
  const moved = (c: Candidate) => { if (c.decided_obligation && c.decided_obligation.key !== c.obligation?.key) void client.invalidateQueries({ queryKey: key }); };
  const conflicts = (error: Error, mine: Candidate, choice: Choice): boolean => {
    if (!(error instanceof ApiError) || error.status !== 409 || !error.problem.current) return false;
    const theirs = error.problem.current as Candidate;
    put([theirs]);
    setConflict({ choice, mine, theirs, detail: error.message });
    return true;
  };

  /** Saves what a form holds. The form stays until the server has taken it, so that an error is shown where it belongs. */
  const correct = useMutation({
    mutationFn: ({ candidate, choice }: { candidate: Candidate; choice: Choice }) => post<Decided>(`/candidates/${candidate.id}/decisions`, { ...choice, ...identityOf(candidate), revision: candidate.revision }),
    onSuccess: async ({ candidate, review }, { choice }) => {
      await overtake();
      put([candidate], review);
      undo.current.push([candidate.id]);
      setStatus(saysOf(choice, candidate));
      moved(candidate);
      goOn(candidate.id);
    },
    onError: (error, { candidate, choice }) => { conflicts(error, candidate, choice); },
  });

  const add = useMutation({
    mutationFn: (addition: Addition) => post<Decided>(`/reviews/${reviewID}/candidates`, addition),
    onSuccess: async ({ candidate, review }) => {
      await overtake();
      known.current.add(candidate.id);
      patch((old) => ({ ...old, review, candidates: [...(old.candidates ?? []).filter((c) => c.id !== candidate.id), candidate] }));
      setIDs((old) => [...old.filter((id) => id !== candidate.id), candidate.id]);
      setCurrent(candidate.id);
      undo.current.push([candidate.id]);
      setStatus(m.workbench.status.added(labelOf(candidate)));
    },
  });

  const decide = (candidate: Candidate, choice: Choice) => {
    if (takes(choice) && trackedOf(candidate).length > 0 && !same[candidate.id]) return setStatus(m.workbench.alike.say(labelOf(candidate)));
    if (choice.kind === 'accept' && choice.rival === undefined) {
      const keys = choicesOf(candidate).all.length;
      if (!candidate.value && !candidate.obligation && keys === 0) return setStatus(m.workbench.status.missing(labelOf(candidate)));
      if ((candidate.ambiguities ?? []).length > 0 || keys > 0 && !candidate.value && !candidate.obligation) return setStatus(m.workbench.status.ambiguous(labelOf(candidate), keys));
    }
    decideCall.mutate({ candidate, choice });
    if (choice.kind !== 'restore') goOn(candidate.id);
    return undefined;
  };

  const restore = useMutation({
    mutationFn: (candidateIDs: string[]) => post<{ review: Review; candidates: Candidate[] | null }>(`/reviews/${reviewID}/restore`, { candidate_ids: candidateIDs }),
    onSuccess: async ({ review, candidates }, candidateIDs) => {
      await overtake();
      put(candidates ?? [], review);
      setStatus(m.workbench.status.restored(candidateIDs.length));
      setCurrent(candidateIDs[0]);
      void client.invalidateQueries({ queryKey: key });
    },
    onError: (error, candidateIDs) => {
      undo.current.push(candidateIDs);
      setStatus(error.message);
    },
  });
  const takeBack = () => {
    const last = undo.current.pop();
    if (last) restore.mutate(last);
    else setStatus(m.workbench.status.nothingToUndo);
  };

  const bulk = useMutation({
    mutationFn: () => post<{ candidates: string[] | null; review: Review }>(`/reviews/${reviewID}/accept-confident`, {}),
    onSuccess: async ({ candidates }) => {
      if (candidates?.length) undo.current.push(candidates);
      setStatus(m.workbench.status.bulk(candidates?.length ?? 0));
      await client.invalidateQueries({ queryKey: key });
    },
    onError: (error) => setStatus(error.message),
  });

  const finish = useMutation({
    mutationFn: () => post<Review>(`/reviews/${reviewID}/finish`, { revision: client.getQueryData<ReviewDetail>(key)?.review.revision ?? detail.review.revision }),
    onSuccess: async (review) => {
      await overtake();
      patch((old) => ({ ...old, review }));
      setStatus(m.workbench.finished);
      void client.invalidateQueries();
    },
    onError: (error) => setStatus(error.message),
  });

  return { all, rows, current, choose, open, correct, add, filter, setFilter, counts, move, decide, takeBack, bulk, finish, status, setStatus, conflict, setConflict, put, trackedOf, same, setSame: (id: string, value: string) => setSame((old) => ({ ...old, [id]: value })) };
}

export type Desk = ReturnType<typeof useDesk>;
