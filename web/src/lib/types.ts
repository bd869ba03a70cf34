/** Contract types by name; an unknown one is shown as its words. */
import { m } from '../messages';
import { capital, words } from './format';

const names: Record<string, string> = {
  msa: 'Master agreement', sow: 'Statement of work', amendment: 'Amendment', nda: 'Non-disclosure', sla: 'Service level agreement', support: 'Support agreement', supply: 'Supply agreement',
  order_form: 'Order form', services: 'Services agreement', subscription: 'Subscription', hosting: 'Hosting agreement',
};

export const contractType = (name: string) => names[name] ?? capital(words(name));
/** Until a version is published nobody has decided the type: it is the source's, or as read. */
export const typeNote = (contract: { current_version: number; contract_type: string }) => (contract.current_version === 0 && names[contract.contract_type] ? m.contract.factsNote : '');
export const contractTypes = Object.entries(names).map(([value, label]) => ({ value, label }));
