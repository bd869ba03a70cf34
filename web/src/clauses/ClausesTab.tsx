import '../styles/workbench.css';

import { useCallback, useState } from 'react';
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
  const choose = useCallback((document: string) => set({ document }), [set]);
  if (!current) return <Panel><Empty title={m.clauses.noReadable} text={m.contract.noDocumentsText} /></Panel>;
  return (
    <div className="clauses">
      <DocumentPane documents={read} documentID={current.id} onDocument={choose} marks={marks} jump={jump} finding={0} onSelect={nothing} />
      <ClausePanel documentID={current.id} shown={spot} onShow={show} />
    </div>
  );
}
