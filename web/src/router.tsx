/** Every page and its address. Pages load when first opened; the workbench brings the PDF viewer with it. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Link, Outlet } from '@tanstack/react-router';
import { Page } from './components/Page';
import { Shell } from './components/Shell';
import { ErrorState } from './components/States';
import { m } from './messages';

/** Filters come from anyone's link: only short strings are taken. */
function filters(search: Record<string, unknown>): Record<string, string> {
  const texts = Object.entries(search).filter(([, v]) => ['string', 'number', 'boolean'].includes(typeof v));
  return Object.fromEntries(texts.map(([k, v]) => [k, String(v).slice(0, 300)]));
}

function Missing() {
  return <main><Page title={m.app.missing} question={m.app.missingText}><p><Link to="/">{m.app.home}</Link></p></Page></main>;
}

const root = createRootRoute({ component: Outlet, notFoundComponent: Missing, errorComponent: ({ error, reset }) => <div className="page"><ErrorState error={error as Error} retry={reset} /></div> });
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', validateSearch: filters, component: lazyRouteComponent(() => import('./routes/sign-in'), 'SignIn') });
const overview = createRoute({ getParentRoute: () => shell, path: '/', component: lazyRouteComponent(() => import('./routes/overview'), 'OverviewPage') });
const reviews = createRoute({ getParentRoute: () => shell, path: '/reviews', validateSearch: filters, component: lazyRouteComponent(() => import('./routes/reviews'), 'ReviewsPage') });
const review = createRoute({ getParentRoute: () => shell, path: '/reviews/$id', validateSearch: filters, component: lazyRouteComponent(() => import('./routes/review'), 'ReviewPage') });
const contracts = createRoute({ getParentRoute: () => shell, path: '/contracts', validateSearch: filters, component: lazyRouteComponent(() => import('./routes/contracts'), 'ContractsPage') });
const clauses = createRoute({ getParentRoute: () => shell, path: '/clauses', validateSearch: filters, component: lazyRouteComponent(() => import('./routes/clauses'), 'ClausesPage') });
const contract = createRoute({ getParentRoute: () => shell, path: '/contracts/$id', validateSearch: filters, component: lazyRouteComponent(() => import('./routes/contract'), 'ContractPage') });
const findings = createRoute({ getParentRoute: () => shell, path: '/findings', validateSearch: filters, component: lazyRouteComponent(() => import('./routes/findings'), 'FindingsPage') });
const finding = createRoute({ getParentRoute: () => shell, path: '/findings/$id', component: lazyRouteComponent(() => import('./routes/finding'), 'FindingPage') });
const obligations = createRoute({ getParentRoute: () => shell, path: '/obligations', validateSearch: filters, component: lazyRouteComponent(() => import('./routes/obligations'), 'ObligationsPage') });
const renewals = createRoute({ getParentRoute: () => shell, path: '/renewals', validateSearch: filters, component: lazyRouteComponent(() => import('./routes/renewals'), 'RenewalsPage') });
const claims = createRoute({ getParentRoute: () => shell, path: '/claims', validateSearch: filters, component: lazyRouteComponent(() => import('./routes/claims'), 'ClaimsPage') });
const connections = createRoute({ getParentRoute: () => shell, path: '/connections', validateSearch: filters, component: lazyRouteComponent(() => import('./routes/connections'), 'ConnectionsPage') });
const connection = createRoute({ getParentRoute: () => shell, path: '/connections/$id', validateSearch: filters, component: lazyRouteComponent(() => import('./routes/connection'), 'ConnectionPage') });
const audit = createRoute({ getParentRoute: () => shell, path: '/audit', validateSearch: filters, component: lazyRouteComponent(() => import('./routes/audit'), 'AuditPage') });
const settings = createRoute({ getParentRoute: () => shell, path: '/settings', validateSearch: filters, component: lazyRouteComponent(() => import('./routes/settings'), 'SettingsPage') });

export const router = createRouter({
  routeTree: root.addChildren([signIn, shell.addChildren([overview, reviews, review, contracts, contract, clauses, findings, finding, obligations, renewals, claims, connections, connection, audit, settings])]),
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultNotFoundComponent: Missing,
});

declare module '@tanstack/react-router' {
  interface Register { router: typeof router }
}
