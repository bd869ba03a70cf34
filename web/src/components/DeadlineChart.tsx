import type { RenewalRow } from '../api/types';
import { productNow } from '../lib/clock';
import { formatDate } from '../lib/format';
import { m } from '../messages';

const r = m.renewals;
const day = 86_400_000;

/** The notice deadlines on a line, from today to the end of the outlook. The table below says the same in words. */
export function DeadlineChart({ rows, days }: { rows: RenewalRow[]; days: number }) {
  const dated = rows.filter((row) => row.send_by);
  if (dated.length === 0) return null;
  const now = Date.parse(new Date(productNow()).toISOString().slice(0, 10));
  const first = Math.min(now, ...dated.map((row) => Date.parse(row.send_by)));
  const last = Math.max(now + days * day, first + day);
  const width = 900;
  const x = (at: number) => 14 + ((at - first) / (last - first)) * (width - 28);
  const months: number[] = [];
  for (let at = new Date(first), next = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1); next <= last; next = Date.UTC(new Date(next).getUTCFullYear(), new Date(next).getUTCMonth() + 1, 1)) months.push(next);
  const step = Math.ceil(months.length / 12);
  const level = new Map<number, number>();
  const nearest = dated.filter((row) => Date.parse(row.send_by) >= now)[0] ?? dated[0];
  return (
    <div className="deadlines-wrap" tabIndex={0} role="group" aria-label={r.timelineSentence(dated.length, formatDate(nearest?.send_by))}><svg className="deadlines" viewBox={`0 0 ${width} 96`} role="img" aria-label={r.timelineSentence(dated.length, formatDate(nearest?.send_by))}>
      <line className="axis" x1={x(first)} x2={x(last)} y1={68} y2={68} />
      {months.filter((_, i) => i % step === 0).map((at) => <g key={at}><line className="axis" x1={x(at)} x2={x(at)} y1={65} y2={72} /><text x={x(at)} y={87} textAnchor="middle">{formatDate(new Date(at).toISOString()).slice(2)}</text></g>)}
      <line className="now" x1={x(now)} x2={x(now)} y1={10} y2={68} /><text x={Math.min(x(now) + 4, width - 40)} y={16}>{r.today}</text>
      {dated.map((row) => {
        const at = x(Date.parse(row.send_by));
        const bucket = Math.round(at / 14);
        const up = level.get(bucket) ?? 0;
        level.set(bucket, up + 1);
        return <circle key={row.id} className={row.notice} cx={at} cy={60 - Math.min(up, 3) * 13} r={5.5}><title>{`${formatDate(row.send_by)}: ${row.contract_title}`}</title></circle>;
      })}
    </svg></div>
  );
}
