// Below a list: how many rows it has, that it goes on where it does, and the way to more.
import { count } from '../data/format'
import { useText } from '../i18n'

export interface CutProps {
  readonly n: number
  readonly complete: boolean
  readonly loading?: boolean
  /** Absent where the server has no more rows than these. */
  readonly onMore: (() => void) | undefined
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
