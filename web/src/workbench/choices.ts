/**
 * The readings among which a person chooses: the machine's own beside its rivals, and the answers to a question the text
 * leaves open. Each has one key, in the order shown.
 */
import type { Candidate, Evidence, Obligation, Value } from '../api/types';
import { shareToPercent } from '../lib/format';
import { valueText } from '../lib/value';
import { m } from '../messages';
import { isOpen, readingOf, type Choice } from './useDesk';

export interface Reading {
  key: string; title: string; value?: Value | undefined; obligation?: Obligation | undefined; text?: string; evidence: Evidence[]; verification?: string | undefined; method?: string | undefined; score?: string | undefined;
  /** What taking it means; without a choice the form opens, with the reading as its note. */
  choice?: Choice; note?: string;
  /** Index of its first passage among those of the candidate; -1 where it has none. */
  mark: number;
}
export interface Question { question: string; readings: Reading[] }
export interface Choices { rivals: Reading[]; questions: Question[]; all: Reading[] }

const none: Choices = { rivals: [], questions: [], all: [] };

/** A rival that was set aside is the first reading of what was corrected; it is no choice any more. */
export const liveRivals = (c: Candidate) => (c.rivals ?? []).map((rival, index) => ({ rival, index })).filter(({ rival }) => rival.state !== 'superseded' && (rival.value || rival.obligation));

/** What stands in a row without a value: of one that was found and can be read in several ways, it is not said that it is missing. */
export const withoutValue = (c: Candidate) => (choicesOf(c).all.length > 0 ? m.workbench.unanswered : m.workbench.absent);

/** Who read it, and how sure each was by itself where decisions, other engines or a doubt have moved that. */
export function readBy(c: Candidate): string {
  const own = Object.entries(c.own_confidence ?? {}).map(([name, share]) => ({ name, percent: `${shareToPercent(share)} %` }));
  const by = m.workbench.extractor(c.extractor ?? '');
  const [first, ...others] = own;
  if (!first) return by;
  if (others.length > 0) return `${by}; ${own.map((x) => m.workbench.gave(x.name, x.percent)).join(', ')}`;
  return first.percent === `${shareToPercent(c.confidence)} %` ? by : m.workbench.gaveAlone(by, first.percent);
}

export function choicesOf(c: Candidate | undefined): Choices {
  if (!c || !isOpen(c)) return none;
  const { value, obligation } = readingOf(c);
  const own = (c.evidence?.length ? c.evidence : c.obligation?.evidence) ?? [];
  const questions = c.ambiguities?.length ? c.ambiguities : (c.obligation?.ambiguities ?? []);
  const rivals = liveRivals(c);
  const all: Reading[] = [];
  const add = (r: Omit<Reading, 'key'>): Reading => {
    const reading = { ...r, key: String(all.length + 1) };
    all.push(reading);
    return reading;
  };
  const passages = (list: Evidence[]) => list.filter((e) => e.passage).length;

  const competing: Reading[] = [];
  if (rivals.length > 0 && (value || obligation)) {
    // A question that stays open keeps the server from accepting; keeping the reading is then a correction to itself.
    const keep: Choice = questions.length === 0 ? { kind: 'accept' } : { kind: 'correct', reason: m.workbench.keptReading(1), ...(value ? { value } : {}), ...(obligation ? { obligation } : {}) };
    competing.push(add({ title: m.workbench.reading(1), value, obligation, evidence: own, verification: c.verification, method: c.extractor, score: c.confidence, choice: keep, mark: passages(own) > 0 ? 0 : -1 }));
  }
  let mark = passages(own);
  for (const { rival, index } of rivals) {
    const evidence = rival.evidence ?? [];
    competing.push(add({ title: m.workbench.reading(competing.length + 1), value: rival.value, obligation: rival.obligation, evidence, verification: rival.verification, method: rival.extractor, score: rival.confidence, choice: { kind: 'accept', rival: index }, mark: passages(evidence) > 0 ? mark : -1 }));
    mark += passages(evidence);
  }
  const asked = questions.map((q): Question => ({
    question: q.question,
    readings: [
      ...(q.readings ?? []).map((r, i) => add({ title: m.workbench.reading(i + 1), value: r, evidence: [], mark: -1, ...(c.subject === 'term' ? { choice: { kind: 'correct' as const, value: r, reason: q.question } } : { note: `${q.question} ${valueText(r)}` }) })),
      // Words say what is meant, not what follows for the parameters: of an obligation, the form is opened to set them.
      ...(q.texts ?? []).map((text) => add({ title: text, text, evidence: [], mark: -1, ...(c.subject === 'term' && value ? { choice: { kind: 'correct' as const, value, reason: `${q.question} ${text}` } } : { note: `${q.question} ${text}` }) })),
    ],
  }));
  return { rivals: competing, questions: asked, all };
}
