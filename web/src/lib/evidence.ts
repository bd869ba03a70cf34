import type { Evidence, Passage } from '../api/types';

const length = (p: Passage) => p.end - p.start;
const sameText = (a: Passage, b: Passage) => a.start === b.start && a.end === b.end;
const longer = (a: Passage, b: Passage) => a.start === b.start && length(b) < length(a) && 4 * length(b) >= 3 * length(a);

/** Whether another passage shows what one does: it is a part of it, or it begins with it and little more follows, such as a footer and the heading
 * of the next clause. The evidence pack leaves out the same ones (internal/dossier). */
const shownBy = (p: Passage, q: Passage) => p.document_id === q.document_id && !sameText(p, q) && (longer(p, q) || (p.start >= q.start && p.end <= q.end && !longer(q, p)));

/** The evidence without passages that another one shows already. */
export function distinct(evidence: Evidence[]): Evidence[] {
  return evidence.filter(({ passage: p }, i) => !p || !evidence.some(({ passage: q }, k) => q && (shownBy(p, q) || (k < i && p.document_id === q.document_id && sameText(p, q)))));
}
