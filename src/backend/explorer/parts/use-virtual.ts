// The rows of a long list that are in sight, by TanStack Virtual.
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from '@tanstack/virtual-core'
import type { RefObject } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'

export interface Virtual {
  readonly items: readonly VirtualItem[]
  /** Pixels. */
  readonly height: number
  show(index: number): void
}

/** @param rowHeight pixels, the same for each row */
export function useVirtual(scroller: RefObject<HTMLElement | null>, count: number, rowHeight: number): Virtual {
  const [, redraw] = useState({})
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw({}),
  }
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options))
  virtualizer.setOptions(options)
  useLayoutEffect(() => virtualizer._didMount(), [])
  useLayoutEffect(() => virtualizer._willUpdate())
  return {
    items: virtualizer.getVirtualItems(),
    height: virtualizer.getTotalSize(),
    show: index => virtualizer.scrollToIndex(index, { align: 'auto' }),
  }
}
