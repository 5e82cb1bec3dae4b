/** The monitor with everything: what most apps call. */
import { browserAttributes } from './browser-attributes'
import { guarded } from './diagnose'
import { compression } from './features/compression'
import { errors } from './features/errors'
import { fingerprints } from './features/fingerprints'
import { keepUnsent } from './features/keep-unsent'
import { cspReports, resourceErrors } from './features/load-errors'
import { fetchSpans, xhrSpans } from './features/requests'
import { sessionEvents } from './features/session-events'
import { load } from './load-chunk'
import type { Feature, MonitorOptions } from './options'
import { startMonitor } from './start'

const everything: readonly Feature[] = [
  compression,
  keepUnsent,
  fingerprints,
  sessionEvents,
  errors,
  resourceErrors,
  cspReports,
  fetchSpans,
  xhrSpans,
]

/** Starts the monitor with all features. A second call changes nothing; on a server nothing happens at all. */
export const initializeMonitor: (options?: MonitorOptions) => void = /* @__PURE__ */ guarded(
  (options?: MonitorOptions) => {
    // as the app wrote them: these are looked at there
    const late = () => load(import('./late'), options ?? {})
    startMonitor({ ...options, attributes: { ...browserAttributes(), ...options?.attributes } }, [...everything, late])
  },
)

/** The same by the name of what an app begins with: a session to which its events, errors and vitals belong. */
export function initializeSessionTracking(options?: MonitorOptions): void {
  initializeMonitor(options)
}
