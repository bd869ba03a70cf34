import { useEffect, type ReactNode } from 'react';
import { m } from '../messages';

interface PageProps { title: string; crumb?: ReactNode; question?: ReactNode; actions?: ReactNode; children: ReactNode }

/** A page: its title (also of the browser's tab), the question it answers, what can be done, and the content. */
export function Page({ title, crumb, question, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · ${m.app.name}`;
  }, [title]);
  return (
    <div className="page">
      <header className="page-head">
        <div className="grow">
          {crumb && <span className="crumb">{crumb}</span>}
          <h1 className="wrap">{title}</h1>
          {question && (typeof question === 'string' ? <p>{question}</p> : question)}
        </div>
        {actions && <div className="row">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface PanelProps { title?: ReactNode; note?: ReactNode; actions?: ReactNode; flush?: boolean; children: ReactNode }

/** A framed part of a page. With a heading it is a region of that name; without, what it holds names itself. */
export function Panel({ title, note, actions, flush, children }: PanelProps) {
  const Frame = title ? 'section' : 'div';
  return (
    <Frame className="panel" {...(typeof title === 'string' ? { 'aria-label': title } : {})}>
      {(title || actions) && (
        <div className="panel-head">
          {title && <h2>{title}</h2>}
          {note && <span className="note">{note}</span>}
          {actions && <div className="actions">{actions}</div>}
        </div>
      )}
      <div className={flush ? 'panel-body flush' : 'panel-body'}>{children}</div>
    </Frame>
  );
}

/** Facts as a list of terms; what is empty is left out. */
export function Facts({ items, small }: { items: [string, ReactNode][]; small?: boolean }) {
  const set = items.filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false);
  return <dl className={small ? 'facts params' : 'facts'}>{set.map(([term, value]) => [<dt key={`t${term}`}>{term}</dt>, <dd key={`d${term}`}>{value}</dd>])}</dl>;
}
