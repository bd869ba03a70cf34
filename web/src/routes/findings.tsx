import { useMemo } from 'react';
import { Link } from '@tanstack/react-router';
import { approvalsQuery, findingsQuery } from '../api/queries';
import type { ApprovalRow, FindingRow } from '../api/types';
import type { Column } from '../components/DataTable';
import { FilterBar, optionsOf } from '../components/Filters';
import { StateBadge } from '../components/Glyph';
import { Tabs } from '../components/Go';
import { List } from '../components/List';
import { Page, Panel } from '../components/Page';
import { Severity } from '../components/Severity';
import { Empty } from '../components/States';
import { Time } from '../components/Time';
import { WaitingAnswer } from '../components/WaitingAnswer';
import { useFilters } from '../lib/filters';
import { formatDate, formatMoney, told } from '../lib/format';
import { states } from '../lib/states';
import { m } from '../messages';

export const findingColumns: Column<FindingRow>[] = [
  { id: 'finding', header: m.findings.finding, cell: ({ finding, customer, contract_title }) => (
    <div>
      <Link to="/findings/$id" params={{ id: finding.id }} className="strong wrap">{told(finding.title)}</Link>
      <div className="small dim wrap">{[customer, contract_title].filter(Boolean).join(' · ')}</div>
    </div>
  ) },
  { id: 'severity', header: m.findings.severity, cell: ({ finding }) => <Severity finding={finding} /> },
  { id: 'state', header: m.common.state, cell: ({ finding }) => <StateBadge domain="finding" state={finding.state} /> },
  { id: 'when', header: m.findings.when, cell: ({ finding }) => <Time at={finding.occurred_at} /> },
  { id: 'credit', header: m.findings.credit, cell: ({ finding }) => finding.credit && <StateBadge domain="credit" state={finding.credit} /> },
  { id: 'amount', header: m.findings.amount, align: 'right', cell: ({ finding }) => <span className="num nowrap">{formatMoney(finding.amount)}</span> },
  { id: 'claim', header: m.findings.claimBy, cell: ({ finding }) => <span className="nowrap">{formatDate(finding.claim_by)}</span> },
];

const approvalColumns: Column<ApprovalRow>[] = [
  { id: 'finding', header: m.findings.finding, cell: ({ approval, finding, contract, step }) => (
    <div>{approval.state === 'waiting' && approval.answer ? <WaitingAnswer approval={approval} /> : finding ? <Link to="/findings/$id" params={{ id: finding.id }} className="strong wrap">{approval.answer ? approval.answer.question : finding.title}</Link> : <span className="strong wrap">{approval.answer?.question}</span>}<div className="small dim wrap">{[step && m.claims.steps[step.kind], contract.customer, contract.title].filter(Boolean).join(' · ')}</div></div>
  ) },
  { id: 'state', header: m.common.state, cell: ({ approval }) => <StateBadge domain="approval" state={approval.state} /> },
  { id: 'amount', header: m.findings.amount, align: 'right', cell: ({ approval }) => <span className="num nowrap strong">{formatMoney(approval.amount)}</span> },
  { id: 'limit', header: m.findings.limit, align: 'right', cell: ({ approval }) => <span className="num nowrap">{formatMoney(approval.limit)}</span> },
  { id: 'claim', header: m.findings.claimBy, cell: ({ finding }) => <span className="nowrap">{formatDate(finding?.claim_by)}</span> },
];

export function FindingsPage() {
  const [filters] = useFilters();
  const tab = filters.tab === 'approvals' ? 'approvals' : 'list';
  return (
    <Page title={m.findings.title} question={m.findings.question}>
      <Tabs label={m.findings.title} base="/findings" current={tab} tabs={[['list', m.findings.list], ['approvals', m.findings.approvals]]} />
      {tab === 'list' ? <FindingList /> : <Approvals />}
    </Page>
  );
}

function FindingList() {
  const [filters] = useFilters();
  const query = useMemo(() => findingsQuery({ q: filters.q, state: filters.state, severity: filters.severity, credit: filters.credit, contract_id: filters.contract_id, limit: 50 }), [filters]);
  return (
    <>
      <FilterBar search={m.findings.search} choices={[
        { name: 'severity', label: m.findings.severity, options: optionsOf(states.severity) }, { name: 'state', label: m.common.state, options: optionsOf(states.finding) }, { name: 'credit', label: m.findings.credit, options: optionsOf(states.credit), width: 190 }]} />
      <Panel flush>
        <List query={query} columns={findingColumns} keyOf={(r) => r.finding.id} label={m.findings.list} filtered={['q', 'state', 'severity', 'credit', 'contract_id'].some((f) => filters[f])}
          empty={<Empty title={m.findings.empty} text={m.findings.emptyText} />} />
      </Panel>
    </>
  );
}

function Approvals() {
  const [filters] = useFilters();
  const query = useMemo(() => approvalsQuery({ state: filters.state, limit: 50 }), [filters]);
  return (
    <>
      <FilterBar choices={[{ name: 'state', label: m.common.state, options: optionsOf(states.approval) }]} />
      <Panel flush>
        <List query={query} columns={approvalColumns} keyOf={(r) => r.approval.id} label={m.findings.approvals} filtered={!!filters.state} empty={<Empty title={m.findings.approvalsEmpty} text={m.findings.approvalsEmptyText} />} />
      </Panel>
    </>
  );
}
