import { memo, useEffect, useMemo, useRef, type ReactNode } from 'react';
import type { Aside, Block, Reading } from '../api/types';
import { Text } from '../lib/codepoints';
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
  const left = useMemo(() => leftOut(reading), [reading]);
  const tracked = left.size > 0 || (reading.blocks ?? []).some((b) => b.runs?.some((r) => r.mark === 'inserted' || r.mark === 'deleted'));
  return (
    <div className="doc-scroll" tabIndex={0} role="document" aria-label={m.workbench.document} onPointerUp={select} onKeyUp={(e) => { if (e.shiftKey) select(); }}>
      <div className="flow" ref={root}>
        {tracked && <p className="banner tone-warn small" style={{ fontFamily: 'var(--mantine-font-family)', margin: 0 }}>{m.workbench.tracked}</p>}
        {groups.map((group) => (Array.isArray(group)
          ? <TableView key={`t${group[0]?.start}`} cells={group} text={text} marks={marks} left={left} />
          : <BlockLine key={group.start} block={group} text={text} marks={overlapping(marks, group)} left={left.get(group.start) ?? nothing} />))}
      </div>
    </div>
  );
}

const nothing: Aside[] = [];
/** Words that were left out of the text because a tracked change deletes or moves them, by the start of the block where they stood. */
function leftOut(reading: Reading): Map<number, Aside[]> {
  const out = new Map<number, Aside[]>();
  for (const a of reading.asides ?? []) {
    if (a.kind !== 'deleted' && a.kind !== 'moved') continue;
    const block = (reading.blocks ?? []).find((b) => a.start >= b.start && a.start <= b.end);
    if (block) out.set(block.start, [...(out.get(block.start) ?? []), a]);
  }
  return out;
}

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

const BlockLine = memo(function BlockLine({ block, text, marks, left }: { block: Block; text: Text; marks: Mark[]; left: Aside[] }) {
  const words = <Segments block={block} text={text} marks={marks} left={left} />;
  if (block.kind === 'heading') {
    return <div role="heading" aria-level={Math.min(6, (block.level ?? 1) + 1)} className={`flow-h flow-h${Math.min(3, block.level ?? 1)}`}>{words}</div>;
  }
  if (block.kind === 'list_item') return <p style={{ paddingLeft: 22 * (block.level ?? 1) + 8, textIndent: -22 }}>{words}</p>;
  if (block.kind === 'header' || block.kind === 'footer') return <p className="dim small">{words}</p>;
  return <p>{words}</p>;
});

function TableView({ cells, text, marks, left }: { cells: Block[]; text: Text; marks: Mark[]; left: Map<number, Aside[]> }) {
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
function Segments({ block, text, marks, left }: { block: Block; text: Text; marks: Mark[]; left: Aside[] }) {
  const cuts = new Set([block.start, block.end]);
  const add = (at: number) => { if (at > block.start && at < block.end) cuts.add(at); };
  (block.runs ?? []).forEach((r) => { add(r.start); add(r.end); });
  marks.forEach((mark) => { add(mark.passage.start); add(mark.passage.end); });
  left.forEach((a) => add(a.start));
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
    return left.filter((a) => a.start === place).map((a, i) => {
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
