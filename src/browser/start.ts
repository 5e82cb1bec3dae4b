/**
 * Starts the monitor of a page, with the features that were chosen. One runs a page, however many copies of this module
 * the page has.
 */
import { deliver, dropAll, pageIs, way } from './delivery'
import { guarded } from './diagnose'
import type { Feature, MonitorOptions } from './options'
import { envelope } from './otlp'
import { recordInto, type Sink } from './record'
import { cleanUrl } from './redact'
import { resourceOf, scope } from './resource'
import { currentSession, forgetSession } from './session'

declare global {
  /** Where all copies meet: the sink of the one that runs. */
  var afnOtelSink: Sink | undefined
}

let consent: boolean | undefined
let rate = 1
/** As `setUserId` has it. */
export let user: string | undefined

/** Whether a session is in the share that is recorded; every tab decides alike, so that whole visits are kept. */
export const sampled = (id: string): boolean => !(Number.parseInt(id.slice(0, 8), 16) >= rate * 2 ** 32)

/** Whether the spans of now are recorded, so that their trace may go on in the backend. */
export const recording = (): boolean => !!consent && sampled(currentSession())

/** `user.id` of what is recorded from now on: an id, since a name or an e-mail address would be masked. */
export function setUserId(id: string | undefined): void {
  user = id
}

/** False stops recording, and forgets the session and what waits; true begins with a new session. */
export function setConsent(hasConsent: boolean): void {
  consent = hasConsent === true
  if (!globalThis.afnOtelSink) return
  // a moment later, since a page that loads would wait for the storage
  if (consent) setTimeout(recording)
  else {
    dropAll()
    forgetSession()
  }
}

const sink: Sink = (signal, always, attributes, encode) => {
  if (!consent) return
  const id = currentSession()
  if (!always && !sampled(id)) return
  // at once: what the app changes later is not meant, and a page that Firefox closes has no time for it
  deliver(
    signal,
    encode({ 'session.id': id, 'user.id': user, 'browser.document.url.full': cleanUrl(location.href), ...attributes }),
  )
}

function begin(options: MonitorOptions): void {
  const { endpoint = '/api/otel', headers, sampleRate = 1 } = options
  rate = sampleRate
  way.endpoint = new URL(endpoint, location.href).href.replace(/\/$/, '')
  way.headers = headers
  way.wrap = envelope(resourceOf(options), scope)
  way.fetch = fetch.bind(globalThis)
  // on the window: the document never gets `pagehide`
  for (const type of ['visibilitychange', 'pagehide', 'pageshow'])
    addEventListener(type, () => pageIs(type === 'pagehide' || document.hidden))
}

/**
 * Starts the monitor with the features that are named, and none besides. A second call changes nothing; on a server nothing
 * happens at all.
 */
export const startMonitor: (options?: MonitorOptions, features?: readonly Feature[]) => void = /* @__PURE__ */ guarded(
  (options: MonitorOptions = {}, features: readonly Feature[] = []) => {
    if (!globalThis.document) return
    if (!globalThis.afnOtelSink) {
      begin(options)
      for (const feature of features) guarded(feature)(options)
      globalThis.afnOtelSink = guarded(sink)
      setConsent(consent ?? options.consent ?? !(navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl)
    }
    recordInto(globalThis.afnOtelSink)
  },
)
