import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { wordsQuery } from '../api/queries';

interface Props { documentID: string; page: number; width: number; height: number; scale: number }

let pen: CanvasRenderingContext2D | null | undefined;

/** How wide a word is in the font of the layer, in points at this size. */
function widthOf(word: string, size: number): number {
  pen ??= document.createElement('canvas').getContext('2d');
  if (!pen) return 0;
  pen.font = `${size}px sans-serif`;
  return pen.measureText(word).width;
}

/**
 * The text of a page that is a picture: each word stands, unseen, where the reader found it, so that it can be selected,
 * searched and read aloud as on any other page.
 */
export function WordLayer({ documentID, page, width, height, scale }: Props) {
  const { data } = useQuery(wordsQuery(documentID, page));
  const words = useMemo(() => (data?.items ?? []).flatMap((line) => (line.words ?? []).map((w, i, all) => ({ ...w, last: i === all.length - 1 }))), [data]);
  return (
    <div className="textLayer words" style={{ ['--total-scale-factor' as string]: scale }}>
      {words.map((w) => {
        const size = Math.max(1, (w.box.bottom - w.box.top) * 0.86);
        const natural = widthOf(w.text, size);
        return (
          <span key={w.start} style={{ left: `${(w.box.left / width) * 100}%`, top: `${(w.box.top / height) * 100}%`, fontFamily: 'sans-serif', ['--font-height' as string]: `${size}px`, ['--scale-x' as string]: natural > 0 ? (w.box.right - w.box.left) / natural : 1 }}>{w.text}{w.last ? '\n' : ' '}</span>
        );
      })}
    </div>
  );
}
