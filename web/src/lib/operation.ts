/** What an amendment does, in words, as pact.Operation.String says it. */
import type { ContractRef, Operation, OperationKind } from '../api/types';
import { m } from '../messages';
import { formatDate, formatDuration } from './format';

export const operationKinds: OperationKind[] = ['replace', 'delete', 'insert', 'change_value', 'extend', 'restate', 'retitle', 'waive'];

export function operationText(op: Operation): string {
  const o = m.operation;
  const target = op.target || op.terms?.join(', ') || o.whole;
  const period = [op.from && m.common.from(formatDate(op.from)), op.until && m.common.until(formatDate(op.until))].filter(Boolean).join(' ');
  return [o.says(op, target, op.by && formatDuration(op.by), op.to && formatDate(op.to)), period].filter(Boolean).join(' ');
}

/** The same questions as pact.Operation.Check. */
export function operationIsComplete(op: Operation): boolean {
  const aimed = !!op.target || (op.terms ?? []).length > 0;
  switch (op.kind) {
    case 'delete': return aimed;
    case 'extend': return !!op.by !== !!op.to;
    case 'retitle': return !!op.target && !!op.new_target;
    case 'waive': return aimed && !!op.until && (!op.from || op.from < op.until);
    default: return operationKinds.includes(op.kind);
  }
}

export function contractRefText(ref: ContractRef): string {
  const named = [ref.title || m.operation.earlier, ref.number, ref.date && m.operation.dated(formatDate(ref.date))].filter(Boolean).join(' ');
  if (!ref.why) return named;
  return ref.contract_id ? `${named} (${ref.why})` : `${named} (${m.operation.unknown})`;
}
