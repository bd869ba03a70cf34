/** Contract types by name; an unknown one is shown as its words. */
import { capital, words } from './format';

const names: Record<string, string> = {
  msa: 'Master agreement', sow: 'Statement of work', amendment: 'Amendment', nda: 'Non-disclosure', sla: 'Service level agreement', support: 'Support agreement', supply: 'Supply agreement',
  order_form: 'Order form', services: 'Services agreement', subscription: 'Subscription', hosting: 'Hosting agreement',
};

export const contractType = (name: string) => names[name] ?? capital(words(name));
export const contractTypes = Object.entries(names).map(([value, label]) => ({ value, label }));
