import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** A link by address, filters included: "/findings?tab=approvals". */
export function Go({ href, className, children, onClick, current }: { href: string; className?: string; children: ReactNode; onClick?: () => void; current?: boolean }) {
  const url = new URL(href, 'http://x');
  return (
    <Link to={url.pathname} search={Object.fromEntries(url.searchParams) as never} className={className ?? ''} activeProps={{}} activeOptions={{ exact: true, includeSearch: true }}
      {...(current === undefined ? {} : { 'aria-current': current ? ('page' as const) : undefined })} {...(onClick ? { onClick } : {})}>
      {children}
    </Link>
  );
}

/** Tabs that are links: each has an address of its own. */
export function Tabs({ tabs, current, label, base }: { tabs: [string, ReactNode][]; current: string; label: string; base: string }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(([name, title], i) => (
        <Go key={name} className="tab" href={i === 0 ? base : `${base}?tab=${name}`} current={name === current}>{title}</Go>
      ))}
    </nav>
  );
}
