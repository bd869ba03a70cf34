import { Radio } from '@mantine/core';
import type { Tracked as Row } from '../api/types';
import { capital, words } from '../lib/format';
import { m } from '../messages';
import { another } from './useDesk';

const t = m.workbench.alike;

/** What is known of it; where the server names only the key, nothing is said that it did not say. */
export type Alike = Pick<Row, 'key'> & Partial<Row>;

interface Props { list: Alike[]; value: string | undefined; onChange: (value: string) => void }

/** What looks like something that is tracked already: the same one, or another. A person says which; none is chosen at first. */
export function TrackedChoice({ list, value, onChange }: Props) {
  return (
    <Radio.Group size="xs" className="tracked" label={t.title} value={value ?? ''} onChange={onChange} required>
      <div className="stack tight" style={{ marginTop: 6 }}>
        {list.map((x, i) => (
          <Radio key={x.key} size="xs" value={x.key} label={<>{t.same(x.title ?? x.key)} <kbd aria-hidden>{i + 1}</kbd></>}
            description={[x.kind && capital(words(x.kind)), x.title && x.key, x.contract, x.owner && t.owner(x.owner), x.why && t.why[x.why]].filter(Boolean).join(' · ')} />
        ))}
        <Radio size="xs" value={another} label={<>{t.another} <kbd aria-hidden>{list.length + 1}</kbd></>} description={t.anotherText} />
      </div>
    </Radio.Group>
  );
}
