// The spool of a process: what it can't send any more is written when it ends, or while nobody takes it and it finds no room in
// memory. What is there is sent after a start, and when somebody takes telemetry again. docs/decisions/0070, 0096

import { otlpTarget } from '../../shared/config/otlp'
import type { Settings } from '../../shared/config/settings'
import { reason, report } from '../../shared/diag/report'
import { loadChunk } from '../chunks'
import { sendWhileEnding } from '../delivery/send-while-ending'
import { spool, spoolBatch } from '../delivery/spool'
import { filesIn, type SpoolPlace, spoolPlace } from '../delivery/spool-place'
import { endOpenCalls } from '../llm/observe/start'
import { isMainThread } from '../main-thread'
import { inRoot } from '../root-context'
import { afterExitListeners } from './exit'
import type { Telemetry } from './telemetry'

/** Soon, since a command may be over soon; but after the app's first lines. */
const afterStartMs = 100
/** What could not be sent is tried again. */
const pauseMs = 30_000

export interface Spooling {
  /** From now on the end of the process may take its time: it crashes, or was told to end and is about to. */
  mayWait(): void
}

/** Never throws. */
export function startSpooling(
  settings: Settings,
  packageName: string | undefined,
  telemetry: Pick<Telemetry, 'recorded' | 'left' | 'spoolScreen'>,
): Spooling {
  const place = spoolPlace(settings, packageName)
  if (place) return startSpoolingIn(place, settings, telemetry)
  const { left } = telemetry
  afterExitListeners(() => {
    if (left.untaken === 0) return
    report('AFN130', `${left.untaken} spans and log records are lost: the process has ended, and nobody took them`)
  })
  return { mayWait() {} }
}

function startSpoolingIn(
  place: SpoolPlace,
  settings: Settings,
  telemetry: Pick<Telemetry, 'recorded' | 'left' | 'spoolScreen'>,
): Spooling {
  const { left, spoolScreen } = telemetry
  const target = (signal: 'traces' | 'logs') =>
    settings[`${signal}Exporter`].includes('otlp') ? { [signal]: otlpTarget(signal, settings) } : undefined
  const targets = () => ({ ...target('traces'), ...target('logs') })
  /** By file; what others have kept is counted there. */
  const keptHere = new Map<string, () => void>()
  const onSent = (file: string) => {
    keptHere.get(file)?.()
    keptHere.delete(file)
  }
  let isSending = false
  /** What was kept meanwhile is not among what is sent. */
  let isDueAgain = false
  let timer: NodeJS.Timeout | undefined
  const sendLater = (ms: number) => {
    clearTimeout(timer)
    timer = inRoot(setTimeout, send, ms).unref()
  }

  async function send(): Promise<void> {
    isDueAgain = isSending
    if (isSending) return
    isSending = true
    try {
      const isDone =
        filesIn(place).length === 0 ||
        (await loadChunk('otlp').sendSpooled(place, targets(), spoolScreen, undefined, onSent))
      if (!isDone) sendLater(pauseMs)
    } catch (error) {
      if (place.isNamed) report('AFN132', `what waits in ${place.directory} could not be sent: ${reason(error)}`)
    }
    isSending = false
    if (isDueAgain) sendLater(0)
  }

  let waitMs = 0
  afterExitListeners(() => {
    endOpenCalls()
    if (telemetry.recorded === 0) return
    const isLeft = spool(place, () => left.takeUndelivered())
    // what a list of subjects keeps back can't be told in another thread
    if (isLeft && waitMs > 0 && isMainThread && !spoolScreen) sendWhileEnding(place, targets(), waitMs)
  })
  left.overflow = signal => ({
    async keep(batch, counted) {
      const file = await spoolBatch(place, signal, batch)
      if (file) keptHere.set(file, counted)
      return file !== undefined
    },
    onTaken: () => sendLater(0),
  })
  sendLater(afterStartMs)
  return {
    mayWait() {
      waitMs = settings.shutdownTimeout
    },
  }
}
