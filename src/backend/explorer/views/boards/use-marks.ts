// The marks of a board as a hook.
import { useEffect, useState } from 'preact/hooks'
import type { BoardAnswer } from '../../../api/board-answers'
import { type Mark, marksOf, questionOf } from '../../data/board/marks'
import { askPanel } from '../../data/board/panel-queries'
import type { Frame } from './panel-props'

const none: readonly Mark[] = []

/** Empty while they are loading, and where the query fails: a board is readable without them. */
export function useMarks(
  { annotations }: BoardAnswer,
  { range, round, names, choices }: Omit<Frame, 'marks'>,
): readonly Mark[] {
  const [marks, setMarks] = useState(none)
  useEffect(() => {
    const controller = new AbortController()
    const queries = annotations.map(one => questionOf(one, range, names, choices))
    askPanel({ queries }, controller.signal).then(
      ({ found }) => {
        const all = annotations.flatMap((one, index) => marksOf(one, range, found[index]!))
        setMarks(all.length > 0 ? all.toSorted((a, b) => a.from - b.from) : none)
      },
      () => setMarks(none),
    )
    return () => controller.abort()
  }, [round, range, JSON.stringify(choices)])
  return marks
}
