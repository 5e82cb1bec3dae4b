// Below a list: how many rows it shows, whether there are more, and a button that loads them.
import { useState } from 'preact/hooks'
import { count } from '../data/format'
import { useText } from '../i18n'

export interface CutProps {
  readonly n: number
  readonly complete: boolean
  readonly loading?: boolean
  /** Absent where the server has no more rows than these. */
  readonly onMore: (() => void) | undefined
}

/** Rows at first, and at most: the server has no more. */
const FIRST = 200
const MOST = 1_000

/** For a list that comes in one answer. @returns how many rows to query, and `onMore` of `Cut` */
export function useLimit(): readonly [limit: number, onMore: (() => void) | undefined] {
  const [limit, setLimit] = useState(FIRST)
  return [limit, limit < MOST ? () => setLimit(MOST) : undefined]
}

export function Cut({ n, complete, loading = false, onMore }: CutProps) {
  const t = useText()
  return (
    <p class="cut" role="status">
      {complete ? t('cut.all', { n: count(n) }) : t('cut.first', { n: count(n) })}{' '}
      {!complete && onMore && (
        <button type="button" disabled={loading} onClick={onMore}>
          {t('cut.more')}
        </button>
      )}
      {!complete && !onMore && t('cut.narrow')}
    </p>
  )
}
