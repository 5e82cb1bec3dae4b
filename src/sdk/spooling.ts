// The spool of a process: what it can't send any more is written when it ends, and what others left is sent after its start.
// docs/decisions/0070
import { loadChunk } from '../chunks'
import { otlpTarget } from '../config/otlp'
import type { Settings } from '../config/settings'
import { sendWhileEnding } from '../delivery/send-while-ending'
import { spool } from '../delivery/spool'
import { filesIn, spoolPlace } from '../delivery/spool-place'
import { reason, report } from '../diag/report'
import { afterExitListeners } from './exit'
import { isMainThread } from './main-thread'
import type { Telemetry } from './telemetry'

/** Soon, since a command may be over soon; but after the app's first lines. */
const afterStartMs = 100

export interface Spooling {
  /** From now on the end of the process may take its time: it crashes, or was told to end and is about to. */
  mayWait(): void
}

/** Never throws. */
export function startSpooling(
  settings: Settings,
  packageName: string | undefined,
  telemetry: Pick<Telemetry, 'takeUndelivered' | 'spoolScreen'>,
): Spooling {
  const place = spoolPlace(settings, packageName)
  const target = (signal: 'traces' | 'logs') =>
    settings[`${signal}Exporter`].includes('otlp') ? { [signal]: otlpTarget(signal, settings) } : undefined
  const targets = { ...target('traces'), ...target('logs') }
  if (!place || Object.keys(targets).length === 0) return { mayWait() {} }
  let waitMs = 0
  afterExitListeners(() => {
    const isLeft = spool(place, () => telemetry.takeUndelivered())
    // what a list of subjects keeps back can't be told in another thread
    if (isLeft && waitMs > 0 && isMainThread && !telemetry.spoolScreen) sendWhileEnding(place, targets, waitMs)
  })
  setTimeout(() => {
    try {
      if (filesIn(place).length > 0) void loadChunk('otlp').sendSpooled(place, targets, telemetry.spoolScreen)
    } catch (error) {
      if (place.isNamed) report('AFN132', `what waits in ${place.directory} could not be sent: ${reason(error)}`)
    }
  }, afterStartMs).unref()
  return {
    mayWait() {
      waitMs = settings.shutdownTimeout
    },
  }
}
