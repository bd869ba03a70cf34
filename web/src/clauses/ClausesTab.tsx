import '../styles/workbench.css';

import { useCallback, useEffect, useState } from 'react';
import type { ContractDocument } from '../api/types';
import { Panel } from '../components/Page';
import { Empty } from '../components/States';
import { useFilters } from '../lib/filters';
import { m } from '../messages';
import { DocumentPane } from '../workbench/DocumentPane';
import { ClausePanel } from './ClausePanel';
import { useSpot } from './useSpot';

/** The clauses of a contract beside its document. */
export function ClausesTab({ documents }: { documents: ContractDocument[] }) {
  const [filters, set] = useFilters();
  const read = documents.filter((d) => d.state === 'read');
  const current = read.find((d) => d.id === filters.document) ?? read[0];
  const { spot, marks, jump, show } = useSpot(current?.id ?? '');
  const [nothing] = useState(() => () => undefined); // nothing is selected here
  const choose = useCallback((document: string) => set({ document, at: undefined }), [set]);
  // A link may name a place: the clause of a finding, the passage of a term.
  const [start = NaN, end = NaN] = /^(\d+)-(\d+)$/.exec(filters.at ?? '')?.slice(1).map(Number) ?? [];
  const named = current !== undefined && current.id === (filters.document ?? current.id) && start >= 0 && end > start;
  useEffect(() => { if (named) show({ start, end }); }, [named, start, end, show]);
  if (!current) return <Panel><Empty title={m.clauses.noReadable} text={m.contract.noDocumentsText} /></Panel>;
  return (
    <div className="clauses">
      <DocumentPane documents={read} documentID={current.id} onDocument={choose} marks={marks} jump={jump} finding={0} onSelect={nothing} />
      <ClausePanel documentID={current.id} shown={spot} onShow={show} />
    </div>
  );
}
