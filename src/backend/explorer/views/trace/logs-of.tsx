// The logs of one trace.
import type { LogsAnswer } from '../../../api/log-answers'
import { url } from '../../data/client'
import { useAnswer } from '../../data/use-answer'
import { useText } from '../../i18n'
import { LogList } from '../../parts/log-list'
import { Empty, Failure, Loading } from '../../parts/state'

export function LogsOf({ traceId }: { traceId: string }) {
  const t = useText()
  const { data, error } = useAnswer<LogsAnswer>(url('api/afn/logs', { trace: traceId }))
  if (error) return <Failure error={error} />
  if (!data) return <Loading />
  if (data.logs.length === 0)
    return (
      <Empty title={t('logs.none')}>
        <p>{t('logs.none_why')}</p>
      </Empty>
    )
  return (
    <div class="scroll">
      <LogList logs={data.logs} ofTrace />
    </div>
  )
}
