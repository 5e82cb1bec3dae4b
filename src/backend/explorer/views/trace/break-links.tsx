// At a span: the other trace that it called, or that called it, where nobody passed the context.
import type { TraceBreak } from '../../../api/break-answers'
import { useText } from '../../i18n'
import { href, type Route, rangeOf } from '../../route'

export interface BreakLinksProps {
  readonly spanId: string
  readonly breaks: readonly TraceBreak[]
  readonly route: Route
}

export function BreakLinks({ spanId, breaks, route }: BreakLinksProps) {
  const t = useText()
  return (
    <>
      {breaks.map(({ kind, caller, callee }) => {
        const begins = caller.spanId === spanId
        const other = begins ? callee : caller
        const where = { kind: t(`break.${kind}`), name: other.name, service: other.service }
        return (
          <a
            key={other.traceId + other.spanId}
            class="wf-break"
            href={href(['trace', other.traceId], { ...rangeOf(route), span: other.spanId })}
            title={t(begins ? 'break.begins_why' : 'break.begun_why', where)}
            onClick={event => event.stopPropagation()}
          >
            {t(begins ? 'break.begins' : 'break.begun')}
          </a>
        )
      })}
    </>
  )
}
