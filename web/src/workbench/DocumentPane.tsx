import { ActionIcon, Select, TextInput, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowsHorizontal, IconSearch, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { placesQuery, readingQuery } from '../api/queries';
import type { ContractDocument } from '../api/types';
import { Empty, Loaded } from '../components/States';
import { StateBadge } from '../components/Glyph';
import { Text } from '../lib/codepoints';
import { m } from '../messages';
import { BlockView } from './BlockView';
import { PdfView } from './PdfView';
import { PictureView } from './PictureView';
import type { Mark, Selected } from './target';

interface Props { documents: ContractDocument[]; documentID: string; onDocument: (id: string) => void; marks: Mark[]; jump: number; finding: number; onSelect: (selected: Selected) => void }

/** The document beside the values: pages of a PDF, or blocks of a flow format, with the evidence marked. */
export function DocumentPane({ documents, documentID, onDocument, marks, jump, finding, onSelect }: Props) {
  const document = documents.find((d) => d.id === documentID);
  const readable = document?.state === 'read';
  const reading = useQuery({ ...readingQuery(documentID), enabled: readable });
  const [zoom, setZoom] = useState<number | 'fit'>('fit');
  const [scale, setScale] = useState(1);
  const [page, setPage] = useState<[number, number]>([1, 0]);
  const find = useFind(documentID, reading.data?.text);
  const pdf = document?.media_type === 'application/pdf';
  // What browsers can draw; other pictures (TIFF) are shown by their recognised text.
  const picture = /^image\/(png|jpeg|gif|bmp|webp)$/.test(document?.media_type ?? '');
  const paged = pdf || picture;

  const shown = useMemo(() => {
    const own = marks.filter((mark) => (mark.passage.document_id ?? documentID) === documentID);
    return find.mark ? [...own.map((k) => ({ ...k, active: false })), find.mark] : own;
  }, [marks, documentID, find.mark]);

  const take = useCallback((start: number, end: number, quote: string, byKey = false) => {
    if (reading.data) onSelect({ start, end, quote, documentID, textID: reading.data.text_id, byKey });
  }, [reading.data, documentID, onSelect]);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => { if (finding > 0) { field.current?.focus(); field.current?.select(); } }, [finding]);
  const takeHit = (whole: boolean) => {
    const hit = whole ? find.sentence() : find.hit;
    if (hit) take(hit.start, hit.end, hit.quote, true);
  };
  const turn = useCallback((at: number, of: number) => setPage((old) => (old[0] === at && old[1] === of ? old : [at, of])), []);

  return (
    <section className="doc-pane" aria-label={m.workbench.document}>
      <div className="doc-bar">
        {documents.length > 1
          ? <Select size="xs" aria-label={m.workbench.document} data={documents.map((d) => ({ value: d.id, label: d.filename }))} value={documentID} onChange={(v) => v && onDocument(v)} w={230} allowDeselect={false} />
          : <span className="clip small strong" title={document?.filename}>{document?.filename}</span>}
        <span className="grow" />
        <TextInput size="xs" w={170} style={{ flex: 'none' }} leftSection={<IconSearch size={14} aria-hidden />} placeholder={m.workbench.find} aria-label={m.workbench.find} value={find.text} onChange={(e) => find.setText(e.currentTarget.value)}
          ref={field} aria-describedby="find-keys" onKeyDown={(e) => {
            const keys: Record<string, () => void> = { Enter: () => takeHit(e.shiftKey), ArrowDown: () => find.next(1), ArrowUp: () => find.next(-1), Escape: () => { if (find.text) find.setText(''); else field.current?.blur(); } };
            const act = keys[e.key];
            if (act && !e.ctrlKey && !e.metaKey) { e.preventDefault(); act(); }
          }} />
        {find.text.length > 1 && (
          <>
            <span className="small dim num nowrap" role="status">{m.workbench.hits(find.at + 1, find.count)}</span>
            {find.count > 1 && <ActionIcon variant="subtle" color="gray" aria-label={m.workbench.findNext} onClick={() => find.next(1)}><IconArrowDown size={16} aria-hidden /></ActionIcon>}
          </>
        )}
        {paged && (
          <>
            <span className="small dim num nowrap" aria-label={m.workbench.page}>{page[1] > 0 && m.workbench.pages(page[0], page[1])}</span>
            <Tooltip label={m.workbench.zoomOut}><ActionIcon variant="subtle" color="gray" aria-label={m.workbench.zoomOut} onClick={() => setZoom(Math.max(0.4, scale / 1.2))}><IconZoomOut size={17} aria-hidden /></ActionIcon></Tooltip>
            <Tooltip label={m.workbench.zoomIn}><ActionIcon variant="subtle" color="gray" aria-label={m.workbench.zoomIn} onClick={() => setZoom(Math.min(4, scale * 1.2))}><IconZoomIn size={17} aria-hidden /></ActionIcon></Tooltip>
            <Tooltip label={m.workbench.fit}><ActionIcon variant="subtle" color="gray" aria-label={m.workbench.fit} onClick={() => setZoom('fit')}><IconArrowsHorizontal size={17} aria-hidden /></ActionIcon></Tooltip>
          </>
        )}
      </div>
      <div id="find-keys" className={find.hit ? 'doc-hint small dim' : 'hidden'}><span className="grow">{m.workbench.findKeys}</span><button type="button" className="linkish nowrap" onClick={() => takeHit(false)}>{m.workbench.use}</button></div>
      {!document || !readable ? (
        <Empty title={m.workbench.noText} text={document?.reason ?? ''}>{document && <StateBadge domain="document" state={document.state} />}</Empty>
      ) : picture ? (
        <Loaded query={reading} rows={10}>{(data) => <PictureView key={documentID} url={`/api/v1/documents/${documentID}/file`} documentID={documentID} reading={data} marks={shown} zoom={zoom} jump={jump + find.at} onPage={turn} onScale={setScale} onSelect={take} />}</Loaded>
      ) : pdf ? (
        <PdfView key={documentID} documentID={documentID} url={`/api/v1/documents/${documentID}/file`} reading={reading.data} waiting={reading.isPending} marks={shown} zoom={zoom} jump={jump + find.at} onPage={turn} onScale={setScale} onSelect={take} />
      ) : (
        <Loaded query={reading} rows={10}>{(data) => <BlockView reading={data} marks={shown} jump={jump + find.at} onSelect={take} />}</Loaded>
      )}
    </section>
  );
}

/** Search in the server's text; the place of the hit comes from the server too. */
function useFind(documentID: string, text: string | undefined) {
  const [wanted, setWanted] = useState('');
  const [at, setAt] = useState(0);
  const hits = useMemo(() => {
    const query = wanted.trim().toLowerCase();
    if (!text || query.length < 2) return [];
    const folded = text.toLowerCase();
    // Lower case may be longer in a few languages; then positions would lie, so the exact text is searched instead.
    const [hay, needle] = folded.length === text.length ? [folded, query] : [text, wanted.trim()];
    const points = new Text(text);
    const found: { start: number; end: number; quote: string }[] = [];
    for (let i = hay.indexOf(needle); i >= 0 && found.length < 500; i = hay.indexOf(needle, i + needle.length)) {
      found.push({ start: points.offset(i), end: points.offset(i + needle.length), quote: text.slice(i, i + needle.length) });
    }
    return found;
  }, [wanted, text]);
  const hit = hits[at];
  const places = useQuery({ ...placesQuery(documentID, hit?.start ?? 0, hit?.end ?? 0), enabled: !!hit });
  const mark = useMemo<Mark | undefined>(() => (hit ? { passage: { ...hit, places: places.data?.places ?? [], verification: 'verified' }, tone: 'found', active: true } : undefined), [hit, places.data]);
  // The sentence around a hit: a word alone is poor evidence.
  const sentence = () => {
    if (!hit || !text) return undefined;
    const points = new Text(text);
    const [before, after] = [points.slice(0, hit.start), points.slice(hit.end, points.length)];
    const from = Math.max(0, ...['. ', '.\n', '\n\n', '; '].map((stop) => { const i = before.lastIndexOf(stop); return i < 0 ? 0 : i + stop.length; }));
    const ends = ['. ', '.\n', '\n\n', '; '].map((stop) => after.indexOf(stop)).filter((i) => i >= 0);
    const to = before.length + points.slice(hit.start, hit.end).length + (ends.length ? Math.min(...ends) + 1 : after.length);
    const quote = text.slice(from, to).trimEnd();
    const lead = quote.length - quote.trimStart().length;
    return { start: points.offset(from + lead), end: points.offset(from + quote.length), quote: quote.trimStart() };
  };
  return {
    sentence, text: wanted, setText: (t: string) => { setWanted(t); setAt(0); }, at, count: hits.length, hit, mark,
    next: (step: number) => hits.length && setAt((old) => (old + step + hits.length) % hits.length),
  };
}
