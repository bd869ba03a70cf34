import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Confidence, EvidenceView, ValueView } from '../components/Evidence';
import { Glyph } from '../components/Glyph';
import { ParamsView } from '../components/Params';
import { m } from '../messages';
import type { Choices, Reading } from './choices';

const w = m.workbench;

interface Props { choices: Choices; may: boolean; threshold: string | undefined; onTake: (reading: Reading) => void; onShow: (mark: number) => void }

/** Readings that compete, each with quote, method and score, and questions with their answers. One key takes one. */
export function Readings({ choices, may, threshold, onTake, onShow }: Props) {
  return (
    <>
      {choices.rivals.length > 0 && (
        <div className="stack tight" role="group" aria-label={w.rivals(choices.rivals.length)}>
          <p className="ink-warn strong small" style={{ margin: 0 }}>{w.rivals(choices.rivals.length)}</p>
          {choices.rivals.map((r) => <Choosable key={r.key} reading={r} may={may} threshold={threshold} onTake={onTake} onShow={onShow} />)}
        </div>
      )}
      {choices.questions.map((q) => (
        <div key={q.question} className="stack tight" role="group" aria-label={q.question}>
          <p className="ink-warn strong" style={{ margin: 0 }}><Glyph name="question" size={13} /> {q.question}</p>
          {q.readings.map((r) => <Choosable key={r.key} reading={r} may={may} threshold={threshold} onTake={onTake} onShow={onShow} />)}
        </div>
      ))}
    </>
  );
}

function Choosable({ reading: r, may, threshold, onTake, onShow }: { reading: Reading; may: boolean; threshold: string | undefined; onTake: (reading: Reading) => void; onShow: (mark: number) => void }) {
  const value: ReactNode = r.text ?? (r.value ? <ValueView value={r.value} /> : <><span className="strong">{r.obligation?.title}</span><ParamsView params={r.obligation?.params} /></>);
  const take = may && <Button size="compact-sm" fz="xs" variant="default" onClick={() => onTake(r)} rightSection={<kbd aria-hidden>{r.key}</kbd>} style={{ flex: 'none' }}>{r.choice ? w.take : w.setIt}<span className="sr"> {w.ofReading(r.key, r.text ?? '')}</span></Button>;
  const plain = r.evidence.length === 0 && !r.method;
  return (
    <div className="choosable" data-reading={r.key}>
      <span className="choice-key" aria-hidden>{r.key}</span>
      <div className="stack tight grow">
        <div className="row between" style={{ flexWrap: 'nowrap', alignItems: 'flex-start' }}>
          <div className="grow strong">{value}</div>
          {r.score !== undefined && <Confidence share={r.score} threshold={threshold} />}
          {plain && take}
        </div>
        {r.evidence.map((e, i) => <EvidenceView key={i} evidence={e} reading={r.verification} {...(r.mark >= 0 ? { onShow: () => onShow(r.mark + i) } : {})} />)}
        {!plain && <div className="row between"><span className="small dim">{r.method && w.extractor(r.method)}</span>{take}</div>}
      </div>
    </div>
  );
}
