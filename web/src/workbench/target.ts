/** What is marked in the document: the passages of the value under the hand, its rivals', a search hit, a selection. */
import type { Candidate, Evidence, NearPassage, Passage } from '../api/types';
import { liveRivals } from './choices';
import { isOpen } from './useDesk';

export interface Mark { passage: Passage; tone: 'own' | 'rival' | 'found' | 'near'; active: boolean; tag?: string | undefined }
/** What was selected by hand or found by search; sentence is what stands around a hit. */
export interface Selected { quote: string; start: number; end: number; documentID: string; textID: string; byKey?: boolean }
export interface Place { passage: Passage; tone: Mark['tone']; tag?: string | undefined }

/** The passages of a value in the order in which [ and ] walk them. A tag is the key that takes the reading. */
export function passagesOf(candidate: Candidate | undefined, near: NearPassage[] = []): Place[] {
  if (!candidate) return [];
  if (candidate.state === 'not_found') return near.map(({ passage }, i) => ({ passage, tone: 'near', tag: String(i + 1) }));
  const of = (list: Evidence[] | undefined, tone: Mark['tone'], tag?: string) => (list ?? []).flatMap((e): Place[] => (e.passage ? [{ passage: e.passage, tone, tag }] : []));
  const evidence = candidate.evidence?.length ? candidate.evidence : candidate.obligation?.evidence;
  const rivals = liveRivals(candidate);
  const tagged = isOpen(candidate) && rivals.length > 0;
  return [...of(evidence, 'own', tagged ? '1' : undefined), ...rivals.flatMap(({ rival }, i) => of(rival.evidence, 'rival', tagged ? String(i + 2) : undefined))];
}

export function marksOf(places: Place[], at: number): Mark[] {
  return places.map((place, i) => ({ ...place, active: i === at }));
}
