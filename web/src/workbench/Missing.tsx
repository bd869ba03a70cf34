import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { NearPassage, Searched } from '../api/types';
import { EvidenceView } from '../components/Evidence';
import { ErrorState, Skeleton } from '../components/States';
import { m } from '../messages';

const w = m.workbench;

interface Props { search: UseQueryResult<Searched>; may: boolean; onUse: (near: NearPassage) => void; onShow: (at: number) => void }

/** Where a term that was not found may be said: how much was searched, and the passages that come closest. */
export function Nearest({ search, may, onUse, onShow }: Props) {
  if (search.isPending) return <Skeleton rows={3} height={28} />;
  if (search.isError) return <ErrorState error={search.error} retry={() => void search.refetch()} />;
  const { pages, blocks, passages } = search.data;
  const near = passages ?? [];
  return (
    <div className="stack tight" role="group" aria-label={w.nearest}>
      <p className="small" style={{ margin: 0 }}>{pages > 0 ? w.searchedPages(pages) : w.searchedBlocks(blocks)} {near.length === 0 ? w.noNearest : <span className="strong">{w.nearest}:</span>}</p>
      {near.map((n, i) => (
        <div key={n.passage.start} className="choosable" data-reading={i + 1}>
          <span className="choice-key" aria-hidden>{i + 1}</span>
          <div className="stack tight grow">
            <EvidenceView unjudged evidence={{ passage: n.passage }} onShow={() => onShow(i)} />
            <div className="row between">
              <span className="small dim">{w.nearWords((n.words ?? []).join(', '))}</span>
              {may && <Button size="compact-sm" fz="xs" variant="default" onClick={() => onUse(n)} rightSection={<kbd aria-hidden>{i + 1}</kbd>}>{w.usePassage}<span className="sr"> {w.passage(i + 1)}</span></Button>}
            </div>
          </div>
        </div>
      ))}
    </div>
  );
}
