import { productNow } from '../lib/clock';
import type { List, Segment } from '../api/types';
import { formatDate } from '../lib/format';
import { paramLines } from '../lib/params';
import { m } from '../messages';

const s = m.segments;
const holds = (x: Segment, day: string) => (!x.from || x.from <= day) && (!x.until || x.until > day);

/** What of an obligation is in force today; undefined where nothing is. */
export function inForceToday(segments: List<Segment> | undefined): Segment | undefined {
  const today = new Date(productNow()).toISOString().slice(0, 10);
  return segments?.find((x) => holds(x, today));
}

/** How an obligation was stated from day to day, by which document, and what is in force now: what differs between them. */
export function Segments({ list }: { list: List<Segment> | undefined }) {
  if (!list || list.length < 2) return null;
  const now = inForceToday(list);
  const lines = list.map((x) => paramLines(x.params));
  const differs = (name: string, text: string) => lines.some((l) => l.find(([n]) => n === name)?.[1] !== text);
  return (
    <div className="stack tight" role="group" aria-label={s.title}>
      <strong>{s.title}</strong>
      <ul style={{ margin: 0 }}>
        {list.map((x, i) => (
          <li key={x.from ?? i} className="wrap">
            {[x.from && m.common.from(formatDate(x.from)), x.until && m.common.until(formatDate(x.until))].filter(Boolean).join(' ')}: <span className="strong">{lines[i]?.filter(([name, text]) => differs(name, text)).map(([name, text]) => `${name} ${text}`).join(', ') || s.same}</span> <span className="small dim">{x.title}</span>{x === now && <> <span className="badge tone-ok">{s.now}</span></>}
          </li>
        ))}
      </ul>
    </div>
  );
}
