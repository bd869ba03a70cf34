import { Link } from '@tanstack/react-router';
import type { Contract, ContractDetail, FamilyChange } from '../api/types';
import { formatDate, words } from '../lib/format';
import { contractType } from '../lib/types';
import { operationText } from '../lib/operation';
import { m } from '../messages';
import { EvidenceView } from './Evidence';
import { StateBadge } from './Glyph';
import { Go } from './Go';
import { Panel } from './Page';
import { Empty } from './States';
import { UploadButton } from './Upload';

/** The family as a tree by parent; a document whose parent is unknown here stands at the top. */
export function FamilyTab({ detail }: { detail: ContractDetail }) {
  const family = detail.family ?? [];
  const ids = new Set(family.map((f) => f.id));
  const heads = family.filter((f) => !f.parent_id || !ids.has(f.parent_id));
  return (
    <div className="stack">
      <Panel title={m.contract.family} actions={<div className="row tight">{family.length > 1 && <RegisterLink family={detail.contract.family_id} />}<UploadButton variant="default" parentId={detail.contract.id} /></div>}>
        {family.length <= 1 ? <Empty title={m.contract.noFamily} text={m.contract.noFamilyText} /> : <Branch items={heads} family={family} own={detail.contract.id} />}
      </Panel>
      {family.length > 1 && <Changes list={detail.changes ?? []} />}
    </div>
  );
}

/** To the obligations of every contract of a family in one list. */
export function RegisterLink({ family }: { family: string }) {
  return <Go href={`/obligations?family_id=${family}`}>{m.register.toFamily}</Go>;
}

function Branch({ items, family, own }: { items: Contract[]; family: Contract[]; own: string }) {
  return (
    <ul className="tree">
      {items.map((item) => {
        const children = family.filter((f) => f.parent_id === item.id && f.id !== item.id);
        return (
          <li key={item.id}>
            <div className="row tight">
              {item.id === own ? <strong className="wrap">{item.title}</strong> : <Link to="/contracts/$id" params={{ id: item.id }} className="wrap">{item.title || item.number}</Link>}
              <StateBadge domain="contract" state={item.state} />
              <span className="small dim">{[item.relation ? words(item.relation) : contractType(item.contract_type), item.number, item.effective_date && m.common.from(formatDate(item.effective_date)), item.id === own && m.contract.thisOne].filter(Boolean).join(' · ')}</span>
            </div>
            {children.length > 0 && <Branch items={children} family={family} own={own} />}
          </li>
        );
      })}
    </ul>
  );
}

/** What amendments do, in the order in which it takes effect, each with its words. */
function Changes({ list }: { list: FamilyChange[] }) {
  return (
    <Panel title={m.operation.changes}>
      {list.length === 0 && <p className="dim" style={{ margin: 0 }}>{m.operation.noChanges}</p>}
      <div className="stack mid">
        {list.map((change, i) => (
          <div key={i} className="stack tight">
            <span><strong>{operationText({ ...change.operation, from: change.from ?? '' })}</strong> <span className="small dim"><Link to="/contracts/$id" params={{ id: change.contract_id }}>{change.title}</Link></span></span>
            {change.operation.evidence?.map((e, k) => <EvidenceView key={k} evidence={e} />)}
          </div>
        ))}
      </div>
    </Panel>
  );
}
