import { Menu, useMantineColorScheme } from '@mantine/core';
import { openSpotlight } from '@mantine/spotlight';
import {
  IconAdjustmentsHorizontal, IconAlertSquareRounded, IconCalendarTime, IconChecklist, IconFileText, IconHistory, IconLayoutDashboard, IconListCheck, IconLogout, IconPlugConnected, IconReceiptRefund, IconSearch, IconSection, IconX, type Icon,
} from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { del } from '../api/client';
import type { LiveState } from '../api/live';
import { overviewQuery } from '../api/queries';
import type { Session } from '../api/types';
import { capital } from '../lib/format';
import { m } from '../messages';
import { useSay } from './Toasts';

interface Entry { to: string; label: string; icon: Icon; count?: string }
const groups: { label: string; entries: Entry[] }[] = [
  { label: m.app.groups.work, entries: [
    { to: '/', label: m.app.nav.overview, icon: IconLayoutDashboard }, { to: '/reviews', label: m.app.nav.reviews, icon: IconListCheck, count: 'reviews_waiting' },
    { to: '/obligations', label: m.app.nav.obligations, icon: IconChecklist }, { to: '/renewals', label: m.app.nav.renewals, icon: IconCalendarTime }] },
  { label: m.app.groups.performance, entries: [{ to: '/findings', label: m.app.nav.findings, icon: IconAlertSquareRounded, count: 'findings_open' }, { to: '/claims', label: m.app.nav.claims, icon: IconReceiptRefund }] },
  { label: m.app.groups.library, entries: [{ to: '/contracts', label: m.app.nav.contracts, icon: IconFileText }, { to: '/clauses', label: m.app.nav.clauses, icon: IconSection }] },
  { label: m.app.groups.admin, entries: [
    { to: '/connections', label: m.app.nav.connections, icon: IconPlugConnected, count: 'actions_failed' }, { to: '/audit', label: m.app.nav.audit, icon: IconHistory },
    { to: '/settings', label: m.app.nav.settings, icon: IconAdjustmentsHorizontal }] },
];

export function Mark() {
  return (
    <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="#3b49bd" />
      <path d="M10.5 24V9.5h6.2a4.9 4.9 0 0 1 0 9.8h-3" fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round" />
      <circle cx="22.6" cy="23" r="2" fill="#8fd3b6" />
    </svg>
  );
}

export function Nav({ session, live, open, onClose }: { session: Session; live: LiveState; open: boolean; onClose: () => void }) {
  const counts = useQuery(overviewQuery).data?.counts;
  return (
    <nav className={open ? 'nav open' : 'nav'} aria-label={m.app.navigation}>
      <div className="row between">
        <Link to="/" className="brand" onClick={onClose}><Mark />{m.app.name}</Link>
        {open && <button type="button" className="linkish" onClick={onClose} aria-label={m.common.close}><IconX size={20} aria-hidden /></button>}
      </div>
      <button type="button" className="jump" onClick={() => openSpotlight()}><IconSearch size={15} aria-hidden />{m.app.jump}<kbd aria-hidden>Ctrl K</kbd></button>
      {groups.map((group) => (
        <div key={group.label} role="group" aria-label={group.label}>
          <div className="nav-group" aria-hidden>{group.label}</div>
          {group.entries.map(({ to, label, icon: Shape, count }) => (
            <Link key={to} to={to} className="nav-link" title={label} activeOptions={{ exact: to === '/', includeSearch: false }} onClick={onClose}>
              <Shape size={18} stroke={1.7} aria-hidden />{label}
              {count && !!counts?.[count] && <span className="nav-count">{counts[count]}</span>}
            </Link>
          ))}
        </div>
      ))}
      <div className="nav-foot">
        <div className="live" data-state={live} role="status"><i aria-hidden />{m.app.live[live]}</div>
        <Me session={session} />
      </div>
    </nav>
  );
}

function Me({ session }: { session: Session }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const say = useSay();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = useMutation({
    mutationFn: () => del('/session'),
    onSuccess: () => { client.clear(); void navigate({ to: '/sign-in' }); },
    onError: say.fail,
  });
  const initials = session.actor.name.split(/\s+/).map((w) => w.charAt(0)).slice(0, 2).join('').toUpperCase();
  return (
    <Menu position="top-start" width={220} shadow="md">
      <Menu.Target>
        <button type="button" className="me">
          <span className="avatar" aria-hidden>{initials}</span>
          <span className="grow"><span className="clip" style={{ display: 'block', fontWeight: 540 }}>{session.actor.name}</span><span className="small dim">{capital(session.actor.role)}</span></span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{m.app.theme}</Menu.Label>
        {(['auto', 'light', 'dark'] as const).map((scheme) => (
          <Menu.Item key={scheme} role="menuitemradio" aria-checked={colorScheme === scheme} onClick={() => setColorScheme(scheme)} rightSection={colorScheme === scheme ? '✓' : null}>{m.app.themes[scheme]}</Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => leave.mutate()}>{m.app.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
