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

const lazily: Feature = options => load(import('./late'), options)

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
  lazily,
]

/** `NAME:TYPE:VALUE` of an option, as far as it takes to see that there is one, and that it can have the value. */
const SOUND =
  /^(?:endpoint:string:(?:https?:\/\/\w|(?!\w+:))|(?:serviceName|serviceVersion|environment|buildId):s|(?:headers|attributes):o|propagateTo:object:(?:https?:\/\/[^/,]+(?:,|$))*$|sampleRate:number:(?:[01]$|0\.|\de-)|consent:b)/

/** Starts the monitor with all features. A second call changes nothing; on a server nothing happens at all. */
export const initializeMonitor: (options?: MonitorOptions) => void = /* @__PURE__ */ guarded(
  (options?: MonitorOptions) => {
    startMonitor({ ...options, attributes: { ...browserAttributes(), ...options?.attributes } }, everything)
    const wrong = Object.entries(options ?? {}).filter(
      ([key, value]) => value !== undefined && !SOUND.test(`${key}:${typeof value}:${value}`),
    )
    if (wrong[0] && globalThis.document) load(import('./rare-options'), Object.fromEntries(wrong))
  },
)

/** The same by the name of what an app begins with: a session to which its events, errors and vitals belong. */
export function initializeSessionTracking(options?: MonitorOptions): void {
  initializeMonitor(options)
}
