import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Reading } from '../api/types';
import { ErrorState, Skeleton } from '../components/States';
import { findQuote, squeeze, Text } from '../lib/codepoints';
import { usePdf } from './pdf';
import { PdfPageView } from './PdfPageView';
import type { Mark } from './target';

interface Props {
  url: string; documentID: string; reading: Reading | undefined; waiting: boolean; marks: Mark[]; zoom: number | 'fit'; jump: number;
  onPage: (page: number, of: number) => void; onScale: (scale: number) => void; onSelect: (start: number, end: number, quote: string) => void;
}

const gap = 14;

export function PdfView({ url, documentID, reading, waiting, marks, zoom, jump, onPage, onScale, onSelect }: Props) {
  const { pdf, error } = usePdf(url);
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: sized, width: paneWidth } = useElementSize();
  const ref = useMergedRef(scroller, sized);
  const first = useFirstPage(pdf);

  const sizes = useMemo(() => {
    if (!pdf || !first) return [];
    const known = reading?.pages ?? [];
    return Array.from({ length: pdf.numPages }, (_, i) => known[i] ?? { width: first.width, height: first.height }).map(({ width, height }) => ({ width, height }));
  }, [pdf, first, reading]);
  const letters = useMemo(() => {
    const text = new Text(reading?.text ?? '');
    return (reading?.pages ?? []).map((p) => squeeze(text.slice(p.start, p.end)).length);
  }, [reading]);
  const widest = Math.max(1, ...sizes.map((s) => s.width));
  const scale = zoom === 'fit' ? Math.max(0.4, Math.min(2.4, (paneWidth - 36) / widest)) : zoom;
  const ready = sizes.length > 0 && paneWidth > 0;
  useEffect(() => { if (ready) onScale(scale); }, [scale, ready, onScale]);

  const tops = useMemo(() => {
    let y = gap;
    return sizes.map((s) => { const top = y; y += s.height * scale + gap; return top; });
  }, [sizes, scale]);

  // The place to show may be known before the file is, and moves when the layout does: it is replayed until the reader scrolls.
  const active = marks.find((mark) => mark.active)?.passage.places?.find((p) => p.page && p.box);
  const free = useRef(false);
  useEffect(() => { free.current = false; }, [active, jump]);
  useEffect(() => {
    const element = scroller.current;
    const top = active?.page ? tops[active.page - 1] : undefined;
    if (!ready || !element || top === undefined || !active?.box || free.current) return;
    element.scrollTo({ top: top + active.box.top * scale - element.clientHeight * 0.32 });
  }, [active, jump, tops, scale, ready]);

  const onScroll = useCallback(() => {
    const middle = (scroller.current?.scrollTop ?? 0) + (scroller.current?.clientHeight ?? 0) * 0.4;
    const at = tops.findLastIndex((top) => top <= middle);
    if (tops.length) onPage(Math.max(0, at) + 1, tops.length);
  }, [tops, onPage]);
  useEffect(onScroll, [onScroll]);

  const select = () => {
    const hit = reading && scroller.current && selectionIn(scroller.current, reading);
    if (hit) onSelect(hit.start, hit.end, hit.quote);
  };

  if (error) return <div style={{ padding: 20 }}><ErrorState error={error} /></div>;
  return (
    <div className="doc-scroll" ref={ref} onScroll={onScroll} onWheel={() => { free.current = true; }} onPointerUp={select} onKeyUp={(e) => { if (e.shiftKey) select(); }} tabIndex={0} role="document" aria-busy={waiting} aria-label={url.split('/').at(-2)}>
      {!ready && <Skeleton rows={12} height={18} />}
      {ready && pdf && sizes.map((size, i) => (
        <PdfPageView key={i} pdf={pdf} documentID={documentID} letters={letters[i] ?? 0} number={i + 1} width={size.width} height={size.height} scale={scale} marks={marksOn(marks, i + 1)} />
      ))}
    </div>
  );
}

const none: Mark[] = [];

/** Pages without marks keep the same empty list, so they are not drawn again. */
function marksOn(marks: Mark[], page: number): Mark[] {
  const here = marks.filter((mark) => mark.passage.places?.some((p) => p.page === page));
  return here.length ? here : none;
}

function useFirstPage(pdf: ReturnType<typeof usePdf>['pdf']) {
  const [size, setSize] = useState<{ width: number; height: number }>();
  useEffect(() => {
    let stale = false;
    setSize(undefined);
    void pdf?.getPage(1).then((page) => {
      const { width, height } = page.getViewport({ scale: 1 });
      if (!stale) setSize({ width, height });
    });
    return () => { stale = true; };
  }, [pdf]);
  return size;
}

/** Turns what the reader selected on a page into offsets of the server's text. A selection over two pages is cut at the first. */
export function selectionIn(root: HTMLElement, reading: Reading): { start: number; end: number; quote: string } | undefined {
  const selection = window.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return undefined;
  const range = selection.getRangeAt(0);
  const from = range.startContainer instanceof Element ? range.startContainer : range.startContainer.parentElement;
  const sheet = from?.closest<HTMLElement>('[data-page]');
  const layer = from?.closest('.textLayer');
  const page = reading.pages?.[Number(sheet?.dataset.page) - 1];
  if (!sheet || !layer || !page || !root.contains(sheet)) return undefined;
  const before = document.createRange();
  before.selectNodeContents(layer);
  before.setEnd(range.startContainer, range.startOffset);
  const text = new Text(reading.text);
  const units = (points: number) => text.slice(0, points).length;
  const hit = findQuote(reading.text, selection.toString(), units(page.start), units(page.end), squeeze(before.toString()).length);
  if (!hit) return undefined;
  return { start: text.offset(hit.start), end: text.offset(hit.end), quote: reading.text.slice(hit.start, hit.end) };
}
