import { IconAlertSquareRounded, IconCalendarDue, IconFileAlert, IconLink, IconListCheck, IconRosetteDiscountCheck, IconSend, type Icon } from '@tabler/icons-react';
import { Go } from './Go';
import type { Overview } from '../api/types';
import { formatAgo, formatTime, told } from '../lib/format';
import { m } from '../messages';
import { Panel } from './Page';
import { Empty } from './States';

type Item = NonNullable<Overview['attention']>[number];

const icons: Record<string, Icon> = {
  review: IconListCheck, finding: IconAlertSquareRounded, approval: IconRosetteDiscountCheck, notice: IconCalendarDue, document: IconFileAlert, action: IconSend, link: IconLink,
};

function hrefOf(item: Item): string {
  switch (item.kind) {
    case 'review': return `/reviews/${item.id}`;
    case 'finding': return `/findings/${item.id}`;
    case 'approval': return '/findings?tab=approvals';
    case 'document': return `/contracts/${item.contract_id}?tab=documents`;
    case 'notice': return `/contracts/${item.contract_id ?? item.id}`;
    case 'link': return '/connections?tab=links';
    default: return '/connections';
  }
}

function toneOf(severity: string | undefined): string {
  if (severity === 'breach' || severity === 'high' || severity === 'bad') return 'ink-bad';
  return severity === 'at_risk' || severity === 'medium' || severity === 'warn' ? 'ink-warn' : 'ink-info';
}

export function Attention({ items, now }: { items: Item[]; now: string }) {
  return (
    <Panel title={m.overview.attention} flush>
      {items.length === 0 && <Empty title={m.overview.attentionEmpty} text={m.overview.attentionEmptyText} />}
      <ul className="attention">
        {items.map((item) => {
          const Shape = icons[item.kind] ?? IconAlertSquareRounded;
          return (
            <li key={item.kind + item.id}>
              <Go href={hrefOf(item)}>
                <Shape size={18} stroke={1.8} aria-hidden className={toneOf(item.severity)} />
                <span className="strong wrap">{told(item.title)}</span>
                <time className="when" dateTime={item.at} title={formatTime(item.at)}>{formatAgo(item.at, Date.parse(now))}</time>
                {item.detail && <span className="detail wrap">{told(item.detail)}</span>}
              </Go>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
