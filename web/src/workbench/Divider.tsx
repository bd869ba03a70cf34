import { useLocalStorage } from '@mantine/hooks';
import type { KeyboardEvent, PointerEvent } from 'react';
import { m } from '../messages';

const bounds = { min: 30, max: 75 };
const inside = (share: number) => Math.min(bounds.max, Math.max(bounds.min, share));

/** The share of the width that the document takes; kept for the next visit. */
export function useShare() {
  return useLocalStorage({ key: 'pactloop.workbench.share', defaultValue: 63, getInitialValueInEffect: false, deserialize: (text) => inside(Number(text) || 63) });
}

/** Moved by dragging or by arrow keys. */
export function Divider({ share, onShare }: { share: number; onShare: (share: number) => void }) {
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const frame = event.currentTarget.parentElement?.getBoundingClientRect();
    if (event.buttons === 1 && frame) onShare(inside(((event.clientX - frame.left) / frame.width) * 100));
  };
  const key = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -2, ArrowRight: 2, Home: -100, End: 100 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onShare(inside(share + step));
  };
  return (
    <div className="divider" role="separator" aria-orientation="vertical" aria-label={m.workbench.divider} aria-valuenow={Math.round(share)} aria-valuemin={bounds.min} aria-valuemax={bounds.max} tabIndex={0}
      onKeyDown={key} onPointerDown={(e) => e.currentTarget.setPointerCapture(e.pointerId)} onPointerMove={drag} />
  );
}
