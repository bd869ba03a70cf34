import type { Evidence, Passage } from '../api/types';

/** The evidence without passages that an earlier one says already, because one lies within the other. */
export function distinct(evidence: Evidence[]): Evidence[] {
  const within = (a: Passage, b: Passage) => a.document_id === b.document_id && a.start >= b.start && a.end <= b.end;
  return evidence.filter(({ passage: p }, i) => !p || !evidence.slice(0, i).some(({ passage: q }) => q && (within(p, q) || within(q, p))));
}
