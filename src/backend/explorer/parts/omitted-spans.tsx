// Above what shows a part of a trace: how much of it, since a page can't hold all spans of the largest.
import type { TraceSummary } from '../../api/answers'
import { count } from '../data/format'
import { useText } from '../i18n'

/** @param shown spans on the page; one that came twice is stored twice until the trace has come to rest */
export function Left({ whole, shown }: { whole: TraceSummary; shown: number }) {
  const t = useText()
  if (shown >= whole.spans) return null
  return (
    <p class="cut" role="status">
      {t('trace.left', { shown: count(shown), all: count(whole.spans) })}
    </p>
  )
}
