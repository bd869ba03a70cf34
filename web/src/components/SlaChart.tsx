import { useElementSize } from '@mantine/hooks';
import { useState } from 'react';
import type { Overview } from '../api/types';
import { formatDate } from '../lib/format';
import { m } from '../messages';

type Day = NonNullable<Overview['sla']>[number];
const series = [
  { key: 'met', label: m.overview.met, color: 'var(--chart-met)' },
  { key: 'at_risk', label: m.overview.atRisk, color: 'var(--chart-risk)' },
  { key: 'breached', label: m.overview.breachedWord, color: 'var(--chart-breach)' },
] as const;

const height = 168;
const left = 30;
const floor = height - 22;

/** Stacked days. The sentence is its name for a screen reader; the table holds the same numbers. */
export function SlaChart({ days, table }: { days: Day[]; table: boolean }) {
  const [at, setAt] = useState<number>();
  const { ref, width: measured } = useElementSize();
  const width = measured || 640;
  const sum = (d: Day) => d.met + d.at_risk + d.breached;
  const met = days.reduce((n, d) => n + d.met, 0);
  const total = days.reduce((n, d) => n + d.met + d.breached, 0);
  if (table) return <DaysTable days={days} />;
  const top = Math.max(4, ...days.map(sum));
  const step = (width - left) / Math.max(1, days.length);
  const y = (n: number) => floor - (n / top) * (floor - 12);
  const shown = at === undefined ? undefined : days[at];
  return (
    <div ref={ref}>
      <svg className="chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={m.overview.slaSentence(met, total)} onMouseLeave={() => setAt(undefined)}>
        {[0, Math.round(top / 2), top].map((n) => (
          <g key={n}><line className="grid" x1={left} x2={width} y1={y(n)} y2={y(n)} /><text x={left - 6} y={y(n) + 4} textAnchor="end">{n}</text></g>
        ))}
        {days.map((day, i) => {
          let base = 0;
          return (
            <g key={day.date} onMouseEnter={() => setAt(i)} opacity={at === undefined || at === i ? 1 : 0.55}>
              <rect x={left + i * step} y={8} width={step} height={floor - 8} fill="transparent" />
              {series.map((s) => {
                const n = day[s.key];
                base += n;
                return n > 0 && <rect key={s.key} x={left + i * step + step * 0.16} width={step * 0.68} y={y(base)} height={(n / top) * (floor - 12)} fill={s.color} rx={1.5} />;
              })}
              {i % 7 === 0 && <text x={left + i * step + 2} y={height - 5}>{formatDate(day.date).replace(/ \d{4}$/, '')}</text>}
            </g>
          );
        })}
      </svg>
      <div className="legend" aria-hidden>
        {series.map((s) => <span key={s.key}><i style={{ background: s.color }} />{s.label}{shown && ` ${shown[s.key]}`}</span>)}
        <span style={{ marginLeft: 'auto' }}>{shown ? formatDate(shown.date) : m.overview.slaSentence(met, total)}</span>
      </div>
    </div>
  );
}

function DaysTable({ days }: { days: Day[] }) {
  return (
    <div className="table-wrap" style={{ maxHeight: 230 }} tabIndex={0} role="group" aria-label={m.overview.sla}>
      <table className="table">
        <thead><tr><th scope="col">{m.overview.day}</th>{series.map((s) => <th key={s.key} scope="col" className="right">{s.label}</th>)}</tr></thead>
        <tbody>
          {days.toReversed().map((d) => <tr key={d.date}><td>{formatDate(d.date)}</td>{series.map((s) => <td key={s.key} className="num">{d[s.key]}</td>)}</tr>)}
        </tbody>
      </table>
    </div>
  );
}
