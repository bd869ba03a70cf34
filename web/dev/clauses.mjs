// Fixtures of what a document says where: clauses, words, references, signatures. See data.mjs.
import { passage } from './reading.mjs';

const found = (category, label, confidence, quote, clause) => ({ category, label, confidence, verification: 'verified', ...passage(quote, clause) });
const items = [
  found('renewal_term', 'Renewal term', '0.9412', 'this Agreement shall automatically renew for successive periods of twelve (12) months each', '4.2'),
  found('notice_to_terminate_renewal', 'Notice against renewal', '0.8723', 'at least ninety (90) days before the end of the then-current term', '4.2'),
  found('notice_to_terminate_renewal', 'Notice against renewal', '0.5104', 'A notice that arrives late has no effect for the term then ending', '4.3'),
  found('cap_on_liability', 'Cap on liability', '0.9655', 'total aggregate liability arising out of or in connection with this Agreement shall not exceed $510,000.00', '10.2'),
  found('governing_law', 'Governing law', '0.9871', 'governed by the laws of the State of Delaware', '13.2'),
].sort((a, b) => a.passage.start - b.passage.start);

const kinds = [
  ['renewal_term', 'Renewal term', 'For how long does it go on after the first term?', '0.9412'], ['notice_to_terminate_renewal', 'Notice against renewal', 'How long before the end must somebody say that it shall not renew?', '0.8723'],
  ['governing_law', 'Governing law', 'Which law governs it?', '0.9871'], ['non_compete', 'Non-compete', 'Is one side kept from competing, in a field, a place or a time?', '0.0213'],
  ['change_of_control', 'Change of control', 'What follows when a side is sold, merged or taken over?', '0.3107'], ['cap_on_liability', 'Cap on liability', 'Is liability limited in amount, kind or time?', '0.9655'],
];

export const clausesOf = (id, query) => {
  if (id !== 'doc_acme') return { document_id: id, categories: [], items: [] };
  const chosen = items.filter((x) => !query.get('category') || x.category === query.get('category'));
  return { document_id: id, extractor: 'clause/0f3a9c12d4e5', read_at: '2026-03-02T09:00:40Z', items: chosen, categories: kinds.map(([category, label, question, confidence]) => ({ category, label, question, confidence, found: items.filter((x) => x.category === category).length })) };
};

const spot = (quote, clause) => {
  const { start, end, places } = passage(quote, clause).passage;
  return { start, end, page: places[0].page, clause };
};
export const definitionsOf = (id) => ({ items: id === 'doc_acme' ? [
  { term: 'Effective Date', at: spot('Effective Date', '1.5'), meaning: 'July 1, 2024', means: spot('July 1, 2024', '1.5'), used: 1, uses: [spot('expiring on June 30, 2026', '4.1')] },
] : [] });
export const referencesOf = (id) => ({ items: id === 'doc_acme' ? [
  { text: 'clause 10.2', at: spot('governed by the laws', '13.2'), number: '10.2', external: false, target: spot('total aggregate liability', '10.2'), heading: 'Limit of liability' },
  { text: 'Section 99', at: spot('State of Delaware', '13.2'), number: '99', external: false },
  { text: 'Article 4 of the Data Processing Agreement', at: spot('successive periods', '4.2'), number: '4', external: true },
] : [] });
export const signaturesOf = (id) => ({ items: id === 'doc_acme' ? [
  { ...spot('Halden Systems, Inc.', undefined), party: 'Halden Systems, Inc.', by: '/s/ Dana Wolff', name: 'Dana Wolff', title: 'Chief Executive Officer', date: '2024-06-28', signed: true },
  { ...spot('Acme Corporation', undefined), party: 'Acme Corporation', signed: false },
] : [] });
export const clauseCounts = () => kinds.map(([category, label, question]) => ({ category, label, question, with: category === 'non_compete' ? 0 : 7, without: category === 'non_compete' ? 8 : 1 }));
