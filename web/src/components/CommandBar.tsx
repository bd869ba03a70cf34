import { useMantineColorScheme } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { contractsQuery, findingsQuery, registerQuery, reviewsQuery } from '../api/queries';
import { told } from '../lib/format';
import { m } from '../messages';

const pages: [string, string][] = [
  ['/', m.app.nav.overview], ['/reviews', m.app.nav.reviews], ['/obligations', m.app.nav.obligations], ['/obligations?view=calendar', m.register.calendar], ['/renewals', m.app.nav.renewals], ['/findings', m.app.nav.findings], ['/claims', m.app.nav.claims], ['/findings?tab=approvals', m.findings.approvals], ['/contracts', m.app.nav.contracts], ['/clauses', m.app.nav.clauses],
  ['/connections', m.app.nav.connections], ['/connections?tab=links', m.connections.links], ['/audit', m.app.nav.audit], ['/settings', m.app.nav.settings], ['/settings?tab=engines', m.engines.title],
];

/** Ctrl K: every page, contracts and reviews by name, findings by ticket or title, obligations by what is due. */
export function CommandBar() {
  const navigate = useNavigate();
  const [query, setQuery] = useState('');
  const [settled] = useDebouncedValue(query.trim(), 160);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const enabled = settled.length >= 2;
  const contracts = useInfiniteQuery({ ...contractsQuery({ q: settled, limit: 6 }), enabled });
  const reviews = useInfiniteQuery({ ...reviewsQuery({ state: 'waiting,in_review', limit: 100 }), enabled });
  const findings = useInfiniteQuery({ ...findingsQuery({ q: settled, limit: 6 }), enabled });
  const duties = useInfiniteQuery({ ...registerQuery({ q: settled, limit: 6 }), enabled });
  const go = (href: string) => () => void navigate({ href });

  const fits = (label: string) => label.toLowerCase().includes(query.trim().toLowerCase());
  const group = (label: string, actions: SpotlightActionData[]): SpotlightActionGroupData[] => (actions.length ? [{ group: label, actions }] : []);
  const groups = [
    ...group(m.command.pages, pages.filter(([, label]) => fits(label)).map(([href, label]) => ({ id: href, label, onClick: go(href) }))),
    ...group(m.command.contracts, !enabled ? [] : (contracts.data?.pages ?? []).flatMap((p) => p.items ?? []).slice(0, 6).map((c) => ({
      id: c.id, label: c.title || c.number, description: [c.customer, c.number].filter(Boolean).join(' · '), onClick: go(`/contracts/${c.id}`) }))),
    ...group(m.command.findings, !enabled ? [] : (findings.data?.pages ?? []).flatMap((p) => p.items ?? []).slice(0, 6).map(({ finding, contract_title, customer }) => ({
      id: finding.id, label: told(finding.title), description: [finding.subject, contract_title, customer].filter(Boolean).join(' · '), onClick: go(`/findings/${finding.id}`) }))),
    ...group(m.command.obligations, !enabled ? [] : (duties.data?.pages ?? []).flatMap((p) => p.items ?? []).slice(0, 6).map((d) => ({
      id: d.id, label: d.title, description: [d.subject, d.contract_title, d.customer].filter(Boolean).join(' · '), onClick: go(`/contracts/${d.contract_id}?tab=obligations`) }))),
    ...group(m.command.reviews, !enabled ? [] : (reviews.data?.pages ?? []).flatMap((p) => p.items ?? []).filter((r) => [r.contract.title, r.contract.customer, r.contract.number].some((t) => t.toLowerCase().includes(settled.toLowerCase()))).slice(0, 4).map((r) => ({
      id: r.review.id, label: r.contract.title, description: r.contract.customer, onClick: go(`/reviews/${r.review.id}`) }))),
    ...group(m.command.actions, fits(m.command.theme) ? [{ id: 'theme', label: m.command.theme, onClick: () => setColorScheme(colorScheme === 'dark' ? 'light' : 'dark') }] : []),
  ];
  return (
    <Spotlight actions={groups} shortcut="mod + K" query={query} onQueryChange={setQuery} filter={(_, actions) => actions} nothingFound={m.command.nothing} scrollable maxHeight={420}
      attributes={{ content: { 'aria-label': m.app.jump } }} highlightQuery={false} searchProps={{ leftSection: <IconSearch size={17} aria-hidden />, placeholder: m.command.placeholder, 'aria-label': m.command.placeholder }} />
  );
}
