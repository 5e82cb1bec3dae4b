/** The monitor with everything: what most apps call. */
import { browserAttributes } from './browser-attributes'
import { diagnose, guarded } from './diagnose'
import { beacon } from './features/beacon'
import { compression } from './features/compression'
import { errors } from './features/errors'
import { fingerprints } from './features/fingerprints'
import { cspReports, resourceErrors } from './features/load-errors'
import { offlineQueue } from './features/offline-queue'
import { fetchSpans, xhrSpans } from './features/requests'
import { sessionEvents } from './features/session-events'
import type { Feature, MonitorOptions } from './options'
import { startMonitor } from './start'

const lazily: Feature = options => {
  import('./late')
    .then(({ late }) => {
      for (const feature of late) guarded(feature)(options)
    })
    .catch(error => diagnose('AFN183', `${error}`))
}

const everything: readonly Feature[] = [
  compression,
  beacon,
  offlineQueue,
  fingerprints,
  sessionEvents,
  errors,
  resourceErrors,
  cspReports,
  fetchSpans,
  xhrSpans,
  lazily,
]

/** Starts the monitor with all features. A second call changes nothing; on a server nothing happens at all. */
export const initializeMonitor: (options?: MonitorOptions) => void = /* @__PURE__ */ guarded(
  (options: MonitorOptions = {}) => {
    if (typeof document === 'undefined') return
    startMonitor({ ...options, attributes: { ...browserAttributes(), ...options.attributes } }, everything)
  },
)

/** The same by the name of what an app begins with: a session to which its events, errors and vitals belong. */
export function initializeSessionTracking(options?: MonitorOptions): void {
  initializeMonitor(options)
}
