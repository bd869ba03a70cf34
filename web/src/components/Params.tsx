import { useQuery } from '@tanstack/react-query';
import { kindsQuery } from '../api/queries';
import type { Obligation } from '../api/types';
import { capital, words } from '../lib/format';
import { paramLines } from '../lib/params';
import { m } from '../messages';
import { Facts } from './Page';

/** Parameters of an obligation as facts; a person reads words, not JSON. */
export function ParamsView({ params }: { params: unknown }) {
  const lines = paramLines(params);
  if (lines.length === 0) return null;
  return <dl className="facts params">{lines.map(([name, text]) => [<dt key={`t${name}`}>{name}</dt>, <dd key={`d${name}`}>{text}</dd>])}</dl>;
}

/** As what a duty that was read is judged, or that it is kept alone, and what the clause says beside its parameters. */
export function DutyFacts({ obligation: o }: { obligation: Obligation }) {
  const kinds = useQuery(kindsQuery).data?.items;
  const judged = !kinds || kinds.some((k) => k.kind === o.kind);
  const as = judged ? o.duty && words(o.kind) : m.duty.kept;
  const about = o.duty || (judged ? '' : o.kind);
  if (!as && !o.metric && !o.remedy && !o.regulations?.length) return null;
  return <Facts small items={[[m.duty.about, about && capital(words(about))], [m.duty.as, as], [m.duty.metric, o.metric], [m.duty.remedy, o.remedy], [m.duty.regulations, o.regulations?.join(', ')]]} />;
}
