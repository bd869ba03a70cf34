import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import type { Reading } from '../api/types';
import { ErrorState } from '../components/States';
import { m } from '../messages';
import { Marks } from './PdfPageView';
import { selectionIn } from './PdfView';
import type { Mark } from './target';
import { WordLayer } from './WordLayer';

interface Props { url: string; documentID: string; reading: Reading; marks: Mark[]; zoom: number | 'fit'; jump: number; onPage: (page: number, of: number) => void; onScale: (scale: number) => void; onSelect: (start: number, end: number, quote: string) => void }

/** A contract that is one picture: the picture, with the recognised words over it. */
export function PictureView({ url, documentID, reading, marks, zoom, jump, onPage, onScale, onSelect }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: sized, width: paneWidth } = useElementSize();
  const ref = useMergedRef(scroller, sized);
  const [broken, setBroken] = useState(false);
  const page = reading.pages?.[0];
  const width = page?.width ?? 612;
  const height = page?.height ?? 792;
  const scale = zoom === 'fit' ? Math.max(0.2, Math.min(2.4, (paneWidth - 36) / width)) : zoom;
  useEffect(() => { onPage(1, 1); }, [onPage]);
  useEffect(() => { if (paneWidth > 0) onScale(scale); }, [scale, paneWidth, onScale]);
  const active = marks.find((mark) => mark.active)?.passage.places?.find((p) => p.box);
  useEffect(() => {
    const element = scroller.current;
    if (element && active?.box) element.scrollTo({ top: active.box.top * scale - element.clientHeight * 0.32 });
  }, [active, jump, scale]);
  const select = () => {
    const hit = scroller.current && selectionIn(scroller.current, reading);
    if (hit) onSelect(hit.start, hit.end, hit.quote);
  };
  if (broken) return <div style={{ padding: 20 }}><ErrorState error={new Error(m.workbench.noPicture)} /></div>;
  return (
    <div className="doc-scroll" ref={ref} onPointerUp={select} onKeyUp={(e) => { if (e.shiftKey) select(); }} tabIndex={0} role="document" aria-label={m.workbench.document}>
      <div className="pdf-page" data-page={1} style={{ width: width * scale, height: height * scale }} role="group" aria-label={m.common.page(1)}>
        <img src={url} alt="" style={{ width: '100%', height: '100%', display: 'block' }} onError={() => setBroken(true)} />
        <Marks marks={marks} page={1} width={width} height={height} />
        <WordLayer documentID={documentID} page={1} width={width} height={height} scale={scale} />
      </div>
    </div>
  );
}
