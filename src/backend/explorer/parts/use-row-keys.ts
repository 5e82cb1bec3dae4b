// Walks the rows of a list with j and k, and opens one with Enter.
import { useState } from 'preact/hooks'
import { go } from '../route'
import { useKeys } from './use-keys'

/**
 * A row stays chosen where others come before it.
 * @param onMove called with the index of the row that is chosen
 * @returns the index, or -1 for none
 */
export function useRowKeys<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  link: (row: Row) => string,
  onMove: (index: number) => void,
): number {
  const [chosen, setChosen] = useState<string | undefined>()
  const at = chosen === undefined ? -1 : rows.findIndex(row => keyOf(row) === chosen)
  const move = (step: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, at + step))
    if (!rows[next]) return
    setChosen(keyOf(rows[next]))
    onMove(next)
  }
  useKeys({
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    Enter: () => rows[at] && go(link(rows[at])),
    Escape: () => setChosen(undefined),
  })
  return at
}
