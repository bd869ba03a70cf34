/** What is marked in the document: the passages of the value under the hand, its rivals', a search hit, a selection. */
import type { Candidate, Evidence, Passage } from '../api/types';

export interface Mark { passage: Passage; tone: 'own' | 'rival' | 'found'; active: boolean }
export interface Selected { quote: string; start: number; end: number; documentID: string; textID: string }

export function passagesOf(candidate: Candidate | undefined): { passage: Passage; rival: boolean }[] {
  if (!candidate) return [];
  const of = (list: Evidence[] | undefined, rival: boolean) => (list ?? []).flatMap((e) => (e.passage ? [{ passage: e.passage, rival }] : []));
  const evidence = candidate.evidence?.length ? candidate.evidence : candidate.obligation?.evidence;
  return [...of(evidence, false), ...(candidate.rivals ?? []).flatMap((r) => of(r.evidence, true))];
}

export function marksOf(candidate: Candidate | undefined, at: number): Mark[] {
  return passagesOf(candidate).map(({ passage, rival }, i) => ({ passage, tone: rival ? 'rival' : 'own', active: i === at }));
}
