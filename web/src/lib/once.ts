import { useRef } from 'react';

/**
 * Lets one click through until it failed. A second click may come before the first has drawn anything, so that a button
 * switched off by state comes too late.
 */
export function useOnce() {
  const sent = useRef(false);
  return {
    first: () => { const before = sent.current; sent.current = true; return !before; },
    again: () => { sent.current = false; },
  };
}
