import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { contractQuery, findingsQuery } from '../api/queries';
import type { ContractDetail } from '../api/types';
import { AuditList } from '../components/AuditList';
import { DocumentsTab } from '../components/Documents';
import { FamilyTab } from '../components/Family';
import { StateBadge } from '../components/Glyph';
import { Tabs } from '../components/Go';
import { List } from '../components/List';
import { ObligationsTab, TimelineTab } from '../components/Obligations';
import { Page, Panel } from '../components/Page';
import { Empty, LoadedPage, Skeleton } from '../components/States';
import { TermsTab } from '../components/Terms';
import { useFilters } from '../lib/filters';
import { formatDate, formatMoney } from '../lib/format';
import { contractType } from '../lib/types';
import { m } from '../messages';
import { findingColumns } from './findings';

/** Brings the viewer of documents with it, so it loads when it is opened. */
const ClausesTab = lazy(() => import('../clauses/ClausesTab').then((x) => ({ default: x.ClausesTab })));

const BacktestTab = lazy(() => import('../components/Backtest').then((x) => ({ default: x.BacktestTab })));

const names = ['terms', 'clauses', 'family', 'obligations', 'findings', 'backtest', 'timeline', 'documents', 'audit'] as const;
type Tab = (typeof names)[number];

export function ContractPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const query = useQuery(contractQuery(id));
  return <LoadedPage title={m.contracts.title} query={query}>{(detail) => <Detail detail={detail} />}</LoadedPage>;
}

function Detail({ detail }: { detail: ContractDetail }) {
  const { contract, review } = detail;
  const [filters] = useFilters();
  const tab: Tab = names.find((n) => n === filters.tab) ?? 'terms';
  const facts = [contract.customer, contract.number, contractType(contract.contract_type), contract.expiration_date && `${m.contracts.expires.toLowerCase()} ${formatDate(contract.expiration_date)}`, formatMoney(contract.total_value)].filter(Boolean);
  return (
    <Page title={contract.title || contract.number || contract.id} crumb={<Link to="/contracts">{m.contracts.title}</Link>}
      question={<p className="row tight" style={{ marginTop: 6 }}><StateBadge domain="contract" state={contract.state} /><span>{facts.join(' · ')}</span></p>}
      actions={review && <Button component={Link} {...{ to: `/reviews/${review.id}` }}>{m.contract.openReview}</Button>}>
      <Tabs label={contract.title} base={`/contracts/${contract.id}`} current={tab} tabs={names.map((n) => [n, m.contract.tabs[n]])} />
      <Body tab={tab} detail={detail} />
    </Page>
  );
}

function Body({ tab, detail }: { tab: Tab; detail: ContractDetail }) {
  const { id } = detail.contract;
  switch (tab) {
    case 'terms': return <TermsTab detail={detail} />;
    case 'clauses': return <Suspense fallback={<Skeleton rows={10} />}><ClausesTab documents={detail.documents ?? []} /></Suspense>;
    case 'family': return <FamilyTab detail={detail} />;
    case 'obligations': return <ObligationsTab id={id} family={(detail.family ?? []).length > 1 ? detail.contract.family_id : undefined} amends={detail.contract.relation === 'amendment' && !!detail.contract.parent_id} />;
    case 'findings': return <Findings id={id} />;
    case 'backtest': return <Suspense fallback={<Skeleton rows={6} />}><BacktestTab detail={detail} /></Suspense>;
    case 'timeline': return <TimelineTab id={id} />;
    case 'documents': return <DocumentsTab documents={detail.documents ?? []} />;
    case 'audit': return <Audit id={id} />;
  }
}

function Findings({ id }: { id: string }) {
  const query = useMemo(() => findingsQuery({ contract_id: id, limit: 50 }), [id]);
  return <Panel flush><List query={query} columns={findingColumns} keyOf={(r) => r.finding.id} label={m.contract.tabs.findings} filtered={false} empty={<Empty title={m.contract.noFindings} text={m.contract.noFindingsText} />} /></Panel>;
}

function Audit({ id }: { id: string }) {
  const query = useMemo(() => ({ contract_id: id }), [id]);
  return <Panel flush><AuditList query={query} filtered={false} /></Panel>;
}
