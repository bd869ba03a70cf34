import { memo, useEffect, useMemo, useRef, type ReactNode } from 'react';
import type { Aside, Block, Reading } from '../api/types';
import { Text } from '../lib/codepoints';
import { formatDate } from '../lib/format';
import { m } from '../messages';
import type { Mark } from './target';

interface Props { reading: Reading; marks: Mark[]; jump: number; onSelect: (start: number, end: number, quote: string) => void }

/** A flow format from the reader's own blocks: offsets match by construction. */
export function BlockView({ reading, marks, jump, onSelect }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const text = useMemo(() => new Text(reading.text), [reading.text]);
  const groups = useMemo(() => groupTables(reading.blocks ?? []), [reading.blocks]);
  const active = marks.find((mark) => mark.active);
  useEffect(() => {
    root.current?.querySelector('mark[data-active="true"]')?.scrollIntoView({ block: 'center' });
  }, [active, jump]);
  const select = () => {
    const hit = root.current && selectedOffsets(root.current);
    if (!hit) return;
    const quote = text.slice(hit.start, hit.end);
    const [lead, trail] = [quote.length - quote.trimStart().length, quote.length - quote.trimEnd().length]; // white space is never beyond the first plane
    if (quote.trim()) onSelect(hit.start + lead, hit.end - trail, quote.trim());
  };
  const left = useMemo(() => beside(reading), [reading]);
  const remarks = (reading.asides ?? []).filter((a) => a.kind === 'comment');
  const tracked = (reading.asides ?? []).some((a) => a.kind === 'deleted' || a.kind === 'moved') || (reading.blocks ?? []).some((b) => b.runs?.some((r) => r.mark === 'inserted' || r.mark === 'deleted'));
  return (
    <div className="doc-scroll" tabIndex={0} role="document" aria-label={m.workbench.document} onPointerUp={select} onKeyUp={(e) => { if (e.shiftKey) select(); }}>
      <div className="flow" ref={root}>
        {tracked && <p className="banner tone-warn small" style={{ fontFamily: 'var(--mantine-font-family)', margin: 0 }}>{m.workbench.tracked}</p>}
        {remarks.length > 0 && (
          <section className="remarks" aria-label={m.workbench.comments(remarks.length)}>
            <p className="strong">{m.workbench.comments(remarks.length)}</p>
            <p className="dim">{m.workbench.commentsText}</p>
            <ol>{remarks.map((a, i) => (
              <li key={i}>
                <button type="button" className="linkish" onClick={() => root.current?.querySelector(`[data-remark="${i + 1}"]`)?.scrollIntoView({ block: 'center' })}>{m.workbench.comment(i + 1)}</button>
                {saidBy(a) && <span className="dim"> {saidBy(a)}</span>}: {a.text}
              </li>
            ))}</ol>
          </section>
        )}
        {groups.map((group) => (Array.isArray(group)
          ? <TableView key={`t${group[0]?.start}`} cells={group} text={text} marks={marks} left={left} />
          : <BlockLine key={group.start} block={group} first={!follows(reading.blocks?.[reading.blocks.indexOf(group) - 1], group)} text={text} marks={overlapping(marks, group)} left={left.get(group.start) ?? nothing} />))}
      </div>
    </div>
  );
}

/** What is shown at an offset and is no word of the text: words that a tracked change deletes or moves, a comment, the mark of a note. */
interface Beside { at: number; aside?: Aside; remark?: number; note?: string }
const nothing: Beside[] = [];

/** By the start of the block in which it stands. Comments are counted as they are listed; one that is about no place is only listed. */
function beside(reading: Reading): Map<number, Beside[]> {
  const out = new Map<number, Beside[]>();
  const blocks = reading.blocks ?? [];
  const put = (b: Beside) => {
    const block = blocks.find((o) => b.at >= o.start && b.at <= o.end);
    if (block) out.set(block.start, [...(out.get(block.start) ?? []), b]);
  };
  blocks.forEach((b, i) => { if (b.kind === 'note' && b.number && !follows(blocks[i - 1], b)) put({ at: b.anchor ?? 0, note: b.number }); });
  let remark = 0;
  for (const aside of reading.asides ?? []) {
    if (aside.kind === 'deleted' || aside.kind === 'moved') put({ at: aside.start, aside });
    if (aside.kind === 'comment' && ++remark && aside.end > 0) put({ at: aside.end, aside, remark });
  }
  return out;
}

/** Whether a block goes on in the note that the one before it began. */
const follows = (before: Block | undefined, b: Block) => before?.kind === 'note' && before.number === b.number && before.anchor === b.anchor;

/** Who wrote a comment and when, where the file says so. */
const saidBy = (a: Aside) => [a.author, /^\d{4}-\d{2}-\d{2}/.test(a.date ?? '') ? formatDate(a.date!.slice(0, 10)) : ''].filter(Boolean).join(', ');

const none: Mark[] = [];
function overlapping(marks: Mark[], block: Block): Mark[] {
  const here = marks.filter((mark) => mark.passage.start < block.end && mark.passage.end > block.start);
  return here.length ? here : none;
}

/** Cells of one table that follow each other become one table. */
function groupTables(blocks: Block[]): (Block | Block[])[] {
  const out: (Block | Block[])[] = [];
  for (const block of blocks) {
    const last = out.at(-1);
    if (block.kind !== 'cell') out.push(block);
    else if (Array.isArray(last) && last[0]?.table === block.table) last.push(block);
    else out.push([block]);
  }
  return out;
}

const BlockLine = memo(function BlockLine({ block, first, text, marks, left }: { block: Block; first: boolean; text: Text; marks: Mark[]; left: Beside[] }) {
  const words = <Segments block={block} text={text} marks={marks} left={left} />;
  if (block.kind === 'heading') {
    return <div role="heading" aria-level={Math.min(6, (block.level ?? 1) + 1)} className={`flow-h flow-h${Math.min(3, block.level ?? 1)}`}>{words}</div>;
  }
  if (block.kind === 'list_item') return <p style={{ paddingLeft: 22 * (block.level ?? 1) + 8, textIndent: -22 }}>{words}</p>;
  if (block.kind === 'header' || block.kind === 'footer') return <p className="dim small">{words}</p>;
  if (block.kind === 'note') return <p className="flow-note" aria-label={m.workbench.noteOf(block.number ?? '')}>{first && <sup>{block.number}</sup>} {words}</p>;
  return <p>{words}</p>;
});

function TableView({ cells, text, marks, left }: { cells: Block[]; text: Text; marks: Mark[]; left: Map<number, Beside[]> }) {
  const rows = new Map<number, Block[]>();
  for (const cell of cells) rows.set(cell.row ?? 0, [...(rows.get(cell.row ?? 0) ?? []), cell]);
  return (
    <table className="flow-table" aria-label={m.workbench.table(cells[0]?.table ?? 1)}>
      <tbody>
        {[...rows.values()].map((row, i) => (
          <tr key={i}>{row.map((cell) => <td key={cell.start}><Segments block={cell} text={text} marks={overlapping(marks, cell)} left={left.get(cell.start) ?? nothing} /></td>)}</tr>
        ))}
      </tbody>
    </table>
  );
}

/** Cuts a block where a run or a mark begins or ends; each piece knows its offset. */
function Segments({ block, text, marks, left }: { block: Block; text: Text; marks: Mark[]; left: Beside[] }) {
  const cuts = new Set([block.start, block.end]);
  const add = (at: number) => { if (at > block.start && at < block.end) cuts.add(at); };
  (block.runs ?? []).forEach((r) => { add(r.start); add(r.end); });
  marks.forEach((mark) => { add(mark.passage.start); add(mark.passage.end); });
  left.forEach((b) => add(b.at));
  const at = [...cuts].sort((a, b) => a - b);
  const pieces = at.slice(0, -1).map((start, i) => {
    const end = at[i + 1] ?? block.end;
    const kinds = (block.runs ?? []).filter((r) => r.start < end && r.end > start).map((r) => r.mark);
    const mark = marks.filter((k) => k.passage.start < end && k.passage.end > start).sort((a, b) => Number(b.active) - Number(a.active))[0];
    let node: ReactNode = <span data-start={start}>{text.slice(start, end)}</span>;
    if (kinds.includes('bold')) node = <strong>{node}</strong>;
    if (kinds.includes('italic')) node = <em>{node}</em>;
    if (kinds.includes('inserted')) node = <ins title={m.workbench.inserted}>{node}</ins>;
    if (kinds.includes('deleted')) node = <del title={m.workbench.deleted}>{node}</del>;
    if (mark) node = <mark data-tone={mark.tone} data-active={mark.active} data-tag={start === mark.passage.start ? mark.tag : undefined}>{node}</mark>;
    return <span key={start}>{gone(start)}{node}</span>;
  });
  return <>{pieces}{gone(block.end)}</>;

  // They are no words of the text, so no offset is theirs: they can be read here, not selected as evidence.
  function gone(place: number): ReactNode {
    return left.filter((b) => b.at === place).map(({ aside: a, remark, note }, i) => {
      if (note) return <sup key={`note${i}`} className="note-mark" title={m.workbench.noteOf(note)}>{note}</sup>;
      if (!a) return null;
      if (remark) return <span key={`remark${i}`} className="remark" data-remark={remark} role="note" aria-label={m.workbench.comment(remark)}><span className="strong">{[m.workbench.comment(remark), saidBy(a)].filter(Boolean).join(' · ')}:</span> {a.text}</span>;
      const apart = place > block.start && /\S/.test(text.slice(place - 1, place)) && !/\S/.test(text.slice(place, place + 1)) ? ' ' : '';
      return <span key={`gone${i}`}>{apart}<del className="left-out" title={a.author ? `${m.workbench.deleted}: ${a.author}` : m.workbench.deleted}>{a.text}</del></span>;
    });
  }
}

/** Offsets of what is selected. A selection may begin or end outside the words: three clicks reach to the next element, wherever that is. */
function selectedOffsets(root: HTMLElement): { start: number; end: number } | undefined {
  const selection = window.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return undefined;
  const range = selection.getRangeAt(0);
  const pieces = [...root.querySelectorAll<HTMLElement>('[data-start]')].filter((p) => range.intersectsNode(p));
  const [first, last] = [pieces[0], pieces.at(-1)];
  if (!first || !last) return undefined;
  const points = (text: string) => Array.from(text).length;
  const at = (piece: HTMLElement, node: Node, units: number, otherwise: number) => Number(piece.dataset.start) + (piece.contains(node) && node.nodeType === Node.TEXT_NODE ? points((node.textContent ?? '').slice(0, units)) : otherwise);
  const start = at(first, range.startContainer, range.startOffset, 0);
  const end = at(last, range.endContainer, range.endOffset, points(last.textContent ?? ''));
  return end <= start ? undefined : { start, end };
}
