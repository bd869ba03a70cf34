import { Link } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';

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

/** A bar of tabs. On a narrow screen there are more than fit: the current one is brought into view. */
export function TabBar({ label, current, children }: { label: string; current: string; children: ReactNode }) {
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    const outer = bar.current?.getBoundingClientRect();
    const tab = bar.current?.querySelector('[aria-current="page"]')?.getBoundingClientRect();
    if (bar.current && outer && tab && (tab.left < outer.left || tab.right > outer.right)) bar.current.scrollLeft += tab.left - outer.left - (outer.width - tab.width) / 2;
  }, [current]);
  return <nav ref={bar} className="tabs" aria-label={label}>{children}</nav>;
}

/** Tabs that are links: each has an address of its own. */
export function Tabs({ tabs, current, label, base }: { tabs: [string, ReactNode][]; current: string; label: string; base: string }) {
  return (
    <TabBar label={label} current={current}>
      {tabs.map(([name, title], i) => (
        <Go key={name} className="tab" href={i === 0 ? base : `${base}?tab=${name}`} current={name === current}>{title}</Go>
      ))}
    </TabBar>
  );
}
