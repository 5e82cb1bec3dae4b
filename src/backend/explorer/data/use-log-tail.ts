// Log lines as they arrive, asked for each second. However many arrive, an answer has at most `PER_ANSWER` of them and the page holds `MOST`.
import { useEffect, useState } from 'preact/hooks'
import type { LogLine, LogTail } from '../../api/log-answers'
import { type ApiError, getJson, type Parameters, url } from './client'
import { asApiError } from './use-answer'

const MOST = 500
const PER_ANSWER = 200
/** Milliseconds after an answer. */
const PAUSE = 1_000
const PAUSE_AFTER_FAILURE = 5_000

export interface LiveLines {
  /** The last to arrive first. */
  readonly logs: readonly LogLine[]
  /** How many of the last answer's lines there was no room for. */
  readonly skipped: number
  /** While the server does not answer; it is asked again. */
  readonly broken: boolean
  /** Refused for good. */
  readonly error: ApiError | undefined
}

const silent: LiveLines = { logs: [], skipped: 0, broken: false, error: undefined }

/** @param filters of the lines, and the time range of those that are there at first */
export function useLogTail(filters: Parameters, live: boolean): LiveLines {
  const [lines, setLines] = useState(silent)
  const from = url('api/afn/logs/tail', { ...filters, limit: PER_ANSWER })
  // lines that are there at first are those of the range when the reader turned it on
  const key = url('', { ...filters, start: undefined, end: undefined })
  useEffect(() => {
    setLines(silent)
    if (!live) return undefined
    const controller = new AbortController()
    follow(from, controller.signal, setLines)
    return () => controller.abort()
  }, [key, live])
  return lines
}

async function follow(
  from: string,
  signal: AbortSignal,
  set: (change: (before: LiveLines) => LiveLines) => void,
): Promise<void> {
  let after: string | undefined
  while (!signal.aborted) {
    let pause = PAUSE
    // a page that nobody sees asks for nothing, and catches up when it is seen
    if (document.visibilityState === 'visible')
      try {
        const answer = await getJson<LogTail>(after === undefined ? from : `${from}&after=${after}`, signal)
        // a store that was begun anew gives other lines the ids of those that are shown
        const isAnew = after !== undefined && BigInt(answer.after) < BigInt(after)
        after = answer.after
        set(({ logs }) => ({
          logs: isAnew ? answer.logs : [...answer.logs, ...logs].slice(0, MOST),
          skipped: answer.skipped,
          broken: false,
          error: undefined,
        }))
      } catch (error) {
        if (signal.aborted) return
        const failure = asApiError(error)
        if (failure.status === 400) return set(() => ({ ...silent, error: failure }))
        set(before => ({ ...before, broken: true }))
        pause = PAUSE_AFTER_FAILURE
      }
    await new Promise(resolve => setTimeout(resolve, pause))
  }
}
