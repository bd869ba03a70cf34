// The sample agreement as a reading: text with offsets, blocks, and places both ways, the way the server gives them.
// fixtures/acme-words.json holds the words of ../samples/contracts/acme-master-subscription-agreement.pdf with their boxes.
import { readFileSync } from 'node:fs';

const { pages, lines } = JSON.parse(readFileSync(new URL('./fixtures/acme-words.json', import.meta.url), 'utf8'));

export const textID = 'txt_acme0001';

function build() {
  let text = '';
  const words = [];
  const blocks = [];
  const spans = pages.map(() => [-1, 0]);
  let block = '';
  for (const [page, index, line] of lines) {
    const key = `${page}/${index}`;
    text += block === '' ? '' : key === block ? '\n' : '\n\n';
    if (key !== block) blocks.push({ kind: 'paragraph', start: text.length, end: text.length, page });
    block = key;
    const lineNo = words.length ? words.at(-1).line + 1 : 0;
    line.forEach(([word, left, top, right, bottom], i) => {
      if (i) text += ' ';
      words.push({ start: text.length, end: text.length + word.length, page, line: lineNo, left, top, right, bottom });
      text += word;
    });
    blocks.at(-1).end = text.length;
    const span = spans[page - 1];
    if (span[0] < 0) span[0] = text.length - line.map((w) => w[0]).join(' ').length;
    span[1] = text.length;
  }
  return { text, words, blocks, pages: pages.map(([width, height], i) => ({ number: i + 1, width, height, start: spans[i][0], end: spans[i][1] })) };
}

const built = build();

export const reading = { hash: 'a'.repeat(64), reader: 'pdf/1', text_id: textID, text: built.text, blocks: built.blocks, pages: built.pages, sections: [] };

export function places(start, end) {
  const byLine = new Map();
  for (const w of built.words) {
    if (w.end <= start || w.start >= end) continue;
    const n = w.end - w.start;
    const left = w.left + ((w.right - w.left) * (Math.max(start, w.start) - w.start)) / n;
    const right = w.left + ((w.right - w.left) * (Math.min(end, w.end) - w.start)) / n;
    const box = byLine.get(w.line);
    if (!box) byLine.set(w.line, { page: w.page, box: { left, top: w.top, right, bottom: w.bottom } });
    else {
      box.box.right = Math.max(box.box.right, right);
      box.box.bottom = Math.max(box.box.bottom, w.bottom);
    }
  }
  return [...byLine.values()];
}

/** Evidence for a quote, found whatever its line breaks. */
export function passage(quote, clause, documentID = 'doc_acme') {
  const wanted = quote.replace(/\s+/g, '');
  const at = [];
  let squeezed = '';
  for (let i = 0; i < built.text.length; i++) {
    if (/\s/.test(built.text[i])) continue;
    squeezed += built.text[i];
    at.push(i);
  }
  const hit = squeezed.indexOf(wanted);
  if (hit < 0) throw new Error(`the fixture has no passage "${quote}"`);
  const start = at[hit];
  const end = at[hit + wanted.length - 1] + 1;
  return { passage: { document_id: documentID, text_id: textID, quote: built.text.slice(start, end), start, end, places: places(start, end), clause, verification: 'verified' } };
}

/** A DOCX reading with headings, a list, a table and an open tracked change. */
export function flowReading() {
  const parts = [
    ['heading', 'Solvane Subscription Agreement', { level: 1 }],
    ['paragraph', 'This Subscription Agreement is dated 4 March 2026 and is made between Halden Systems, Inc. and Solvane Analytics Ltd.'],
    ['heading', '1. Term', { level: 2, number: '1' }],
    ['paragraph', 'The initial term is twenty-four (24) months from the Effective Date.', { runs: [['twenty-four (24)', 'inserted'], ['Effective Date', 'bold']] }],
    ['list_item', '(a) The term renews for twelve (12) months at a time;', { level: 1 }],
    ['list_item', '(b) notice of non-renewal is given sixty (60) days before the end.', { level: 1 }],
    ['heading', '2. Response times', { level: 2, number: '2' }],
    ...[['Priority', 'Response', 'Resolution'], ['P1', '30 minutes', '4 hours'], ['P2', '2 hours', '8 hours']].flatMap((cells, row) => cells.map((c, col) => ['cell', c, { table: 1, row, col }])),
    ['paragraph', 'Müller 😀 keeps offsets honest: Service Credits are 10 % of the monthly fee.'],
    ['note', 'Counted from the first of the month.', { number: '1' }],
  ];
  let text = '';
  let count = 0;
  const blocks = parts.map(([kind, words, more = {}]) => {
    const start = count;
    text += `${words}\n`;
    const length = Array.from(words).length;
    count += length + 1;
    const runs = (more.runs ?? []).map(([t, mark]) => ({ start: start + words.indexOf(t), end: start + words.indexOf(t) + t.length, mark }));
    return { ...more, kind, start, end: start + length, runs };
  });
  const after = (words) => Array.from(text.slice(0, text.indexOf(words) + words.length)).length;
  blocks.at(-1).anchor = after('twelve (12) months');
  return { hash: 'b'.repeat(64), reader: 'docx/1', text_id: 'txt_solvane1', text, blocks, sections: [], asides: [{ kind: 'deleted', start: Array.from(text.slice(0, text.indexOf(' twenty-four (24)'))).length, end: Array.from(text.slice(0, text.indexOf(' twenty-four (24)'))).length, text: 'thirty-six (36)', author: 'Renata Solis', date: '2026-02-25T00:00:00Z' }, { kind: 'comment', start: after('sixty (60) days') - 15, end: after('sixty (60) days'), text: 'Is this agreed?', author: 'Ben Ode', date: '2026-02-26T09:00:00Z' }], warnings: ['Open tracked changes: 1 insertion, 1 deletion.', 'The document carries 1 comment.'] };
}

/** A scan whose words were recognised: the pages are pictures, the words come with their boxes. */
export function scanReading() {
  const written = [['NETWORK SERVICES AGREEMENT', 'between Riverbend Municipal Utility and Halden Systems, Inc.', 'Either party may end this agreement by ninety (90) days’ written notice.'], ['This agreement is governed by the laws of the State of Ohio.']];
  let text = '';
  const lines = [];
  const pages = written.map((rows, p) => {
    const start = text.length;
    rows.forEach((row, i) => {
      const words = [];
      const from = text.length;
      for (const word of row.split(' ')) {
        const at = text.length - from;
        words.push({ start: text.length, end: text.length + word.length, text: word, box: { left: 72 + at * 5.6, top: 96 + i * 24, right: 72 + (at + word.length) * 5.6, bottom: 108 + i * 24 } });
        text += `${word} `;
      }
      text = `${text.trimEnd()}\n`;
      lines.push({ page: p + 1, start: from, end: text.length - 1, words });
    });
    return { number: p + 1, width: 612, height: 792, start, end: text.length };
  });
  return { reading: { hash: 'c'.repeat(64), reader: 'scan/1', text_id: 'txt_scan0001', text, blocks: lines.map((l) => ({ kind: 'paragraph', start: l.start, end: l.end, page: l.page })), pages, sections: [] }, lines };
}
