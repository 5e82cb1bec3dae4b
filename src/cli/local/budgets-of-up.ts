// The watch over budgets in `afn-otel up`: it says each minute where they stand, as metrics that come in as those of an app do, so that the board
// shows what `afn-otel cost budget` says. It raises no alert.
import { readCosts } from '../../operations/cost/config'
import { gaugesOf } from '../../operations/cost/gauges'
import { remembering, type SpendSource } from '../../operations/cost/spend'
import { tracesSpend } from '../../operations/cost/spend-from-traces'
import { standingOf } from '../../operations/cost/standing'
import { findMonitoringConfig } from '../monitoring-config'
import { pushGauges } from '../push-gauges'

const EVERY_MS = 60_000

interface UpEndpoints {
  /** Of the API, and of the receiver. */
  readonly api: string
  readonly receiver: string
  readonly token: string | undefined
  /** For how many days traces of every kind are kept. */
  readonly keptDays: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly say: (line: string) => void
}

/** @returns ends it */
export function watchBudgets(watched: UpEndpoints): () => void {
  const { api, receiver, token, now, say } = watched
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  let source: SpendSource | undefined
  let featureAttribute = ''
  let problem = ''

  async function round(): Promise<void> {
    // who edits the file sees it at the next round; its mistakes are said where boards are read
    const config = readCosts(findMonitoringConfig(undefined, '')?.text ?? '{}').config
    if (!config?.budgets.length) return
    if (source === undefined || featureAttribute !== config.featureAttribute) {
      featureAttribute = config.featureAttribute
      const backend = { name: 'afn-otel up', url: api, setBy: '--port', headers } as const
      source = remembering(tracesSpend({ backend, featureAttribute, keptDays: watched.keptDays }))
    }
    for (const budget of config.budgets) {
      const at = now()
      const gauges = gaugesOf([await standingOf(budget, config, source, at)], config.currency)
      const to = { url: `${receiver}/v1/metrics`, headers }
      await pushGauges(
        gauges.map(gauge => ({ ...gauge, at })),
        to,
      )
    }
  }

  let next: NodeJS.Timeout
  const go = async (): Promise<void> => {
    await round().then(
      () => {
        problem = ''
      },
      (error: Error) => {
        if (error.message !== problem) say(`budgets are unknown: ${error.message}`)
        problem = error.message
      },
    )
    next = setTimeout(go, EVERY_MS).unref()
  }
  next = setTimeout(go, 1_000).unref()
  return () => clearTimeout(next)
}
