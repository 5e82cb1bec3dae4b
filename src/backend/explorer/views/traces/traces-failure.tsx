// Why a search has no answer. What is wrong with a query is shown at its place in the query.
import type { ApiError } from '../../data/client'
import { useText } from '../../i18n'
import { MarkedText } from '../../parts/marked-text'
import { Failure } from '../../parts/state'

export interface TracesFailureProps {
  readonly error: ApiError
  /** TraceQL, as the server got it. */
  readonly query: string
  again(): void
}

export function TracesFailure({ error, query, again }: TracesFailureProps) {
  const t = useText()
  if (error.status !== 400) return <Failure error={error} again={again} />
  const [, line = '', column = '', why = error.message] = /(\d+):(\d+): ([\s\S]*)/.exec(error.message) ?? []
  const wrong = query.split('\n')[Number(line) - 1]
  return (
    <div class="state failure" role="alert">
      <strong>{t('search.wrong')}</strong>
      <p>
        <MarkedText text={why} />
      </p>
      {wrong !== undefined && (
        <pre class="wrong-place">
          <MarkedText text={wrong} />
          {`\n${' '.repeat(Number(column) - 1)}^`}
        </pre>
      )}
    </div>
  )
}
