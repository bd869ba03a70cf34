import { useQuery } from '@tanstack/react-query';
import { thresholdsQuery } from '../api/queries';
import type { Suggestion } from '../api/types';
import { capital, shareToPercent, words } from '../lib/format';
import { m } from '../messages';
import { DataTable, type Column } from './DataTable';
import { Loaded } from './States';

const t = m.thresholds;

/** What the decisions speak for: the confidence from which on enough readings were right. A change of the policy stays a person's. */
function says(s: Suggestion): string {
  if (s.why === 'few') return t.few(s.right, s.decided);
  if (s.why === 'wrong' || !s.threshold) return t.wrong(s.right, s.decided);
  return t.right(s.threshold, shareToPercent(s.accuracy), s.at, shareToPercent(s.share), s.decided);
}

const columns: Column<Suggestion>[] = [
  { id: 'field', header: t.field, cell: (s) => <span className="strong wrap">{capital(words(s.key.replace(/^obligation\//, '')))}{s.key.startsWith('obligation/') && <span className="dim"> · {m.engines.subjects.obligation}</span>}</span> },
  { id: 'extractor', header: m.engines.extractor, cell: (s) => <span className="mono wrap">{s.extractor}</span> },
  { id: 'inForce', header: t.inForce, align: 'right', cell: (s) => <span className="num">{s.in_force}</span> },
  { id: 'suggested', header: t.suggested, align: 'right', cell: (s) => (s.threshold ? <span className="num strong">{s.threshold}</span> : <span className="dim">{t.none}</span>) },
  { id: 'why', header: t.why, cell: (s) => <span className="wrap">{says(s)}{s.named && <> {t.named}</>}</span> },
];

export function Suggestions() {
  const query = useQuery(thresholdsQuery);
  return (
    <section className="stack tight" aria-label={t.title}>
      <div className="row tight"><strong>{t.title}</strong><span className="small dim">{t.note}</span></div>
      <Loaded query={query} rows={2}>
        {({ items }) => ((items ?? []).length === 0 ? <p className="small dim" style={{ margin: 0 }}>{t.empty}</p> : <DataTable rows={items ?? []} columns={columns} keyOf={(s) => `${s.key}/${s.extractor}`} label={t.title} hover={false} />)}
      </Loaded>
    </section>
  );
}
