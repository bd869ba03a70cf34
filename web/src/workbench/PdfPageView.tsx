import { memo, useEffect, useRef, useState } from 'react';
import { squeeze } from '../lib/codepoints';
import { m } from '../messages';
import { TextLayer, type Pdf } from './pdf';
import type { Mark } from './target';
import { WordLayer } from './WordLayer';

interface Props { pdf: Pdf; documentID: string; letters: number; number: number; width: number; height: number; scale: number; marks: Mark[] }

/** One page: drawn and given its text while it is near the view, an empty sheet of the right size otherwise. */
export const PdfPageView = memo(function PdfPageView({ pdf, documentID, letters, number, width, height, scale, marks }: Props) {
  const sheet = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  // A page that is a picture has no text of its own, or only a stamp; then the reader's words are laid over it.
  const [bare, setBare] = useState(false);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    const element = sheet.current;
    if (!element) return undefined;
    const watch = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting ?? false), { root: element.closest('.doc-scroll'), rootMargin: '900px 0px' });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  useEffect(() => {
    const [surface, text] = [canvas.current, layer.current];
    if (!near || !surface || !text) return undefined;
    let stale = false;
    let stop: (() => void) | undefined;
    setBusy(true);
    const draw = async () => {
      const page = await pdf.getPage(number);
      if (stale) return;
      const viewport = page.getViewport({ scale });
      const ratio = Math.min(window.devicePixelRatio || 1, 2.5);
      surface.width = Math.floor(viewport.width * ratio);
      surface.height = Math.floor(viewport.height * ratio);
      const task = page.render({ canvas: surface, viewport, ...(ratio === 1 ? {} : { transform: [ratio, 0, 0, ratio, 0, 0] }) });
      text.replaceChildren();
      const words = new TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport });
      stop = () => { task.cancel(); words.cancel(); };
      await Promise.all([task.promise, words.render()]);
      if (!stale) setBare(letters > 0 && squeeze(text.textContent ?? '').length * 2 < letters);
      if (!stale) setBusy(false);
    };
    draw().catch((error: unknown) => {
      // A page that left the view cancels its drawing; anything else is a page that can not be drawn, and stays white.
      if (stale) return;
      setBusy(false);
      console.error(`page ${number} could not be drawn`, error);
    });
    return () => { stale = true; setBusy(false); stop?.(); };
  }, [pdf, number, scale, near, letters]);

  return (
    <div ref={sheet} className="pdf-page" data-page={number} style={{ width: width * scale, height: height * scale }} role="group" aria-busy={busy} aria-label={m.common.page(number)}>
      {near && <canvas ref={canvas} style={{ width: '100%', height: '100%' }} aria-hidden />}
      <Marks marks={marks} page={number} width={width} height={height} />
      {near && <div ref={layer} className={bare ? 'textLayer bare' : 'textLayer'} style={{ ['--total-scale-factor' as string]: scale }} />}
      {near && bare && <WordLayer documentID={documentID} page={number} width={width} height={height} scale={scale} />}
    </div>
  );
});

/** What is marked on a page, and the keys of readings beside it. */
export function Marks({ marks, page, width, height }: { marks: Mark[]; page: number; width: number; height: number }) {
  return (
    <>
      {marks.map((mark, i) => {
        const here = (mark.passage.places ?? []).filter((p) => p.page === page && p.box);
        return here.length > 0 && (
          <div key={i} className="pdf-marks" aria-hidden>
            {here.map((p, k) => p.box && (
              <span key={k} className="pdf-mark" data-tone={mark.tone} data-active={mark.active} style={{
                left: `${(p.box.left / width) * 100}%`, top: `${(p.box.top / height) * 100}%`, width: `${((p.box.right - p.box.left) / width) * 100}%`, height: `${((p.box.bottom - p.box.top) / height) * 100}%` }} />
            ))}
          </div>
        );
      })}
      {tagsOn(marks, page).map(({ tag, top, beside }) => <b key={tag} className="mark-tag" aria-hidden style={{ top: `${(top / height) * 100}%`, left: 10 + beside * 22 }}>{tag}</b>)}
    </>
  );
}

/** The keys of readings, in the margin at the line where each begins; two of one line stand side by side. */
function tagsOn(marks: Mark[], page: number): { tag: string; top: number; beside: number }[] {
  const out: { tag: string; top: number; beside: number }[] = [];
  for (const mark of marks) {
    const first = mark.passage.places?.find((p) => p.box);
    if (!mark.tag || !first?.box || first.page !== page || out.some((o) => o.tag === mark.tag)) continue;
    const { top } = first.box;
    out.push({ tag: mark.tag, top, beside: out.filter((o) => Math.abs(o.top - top) < 10).length });
  }
  return out;
}
