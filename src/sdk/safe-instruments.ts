// What the app measures, or we measure inside of its calls and events, cannot fail there: OpenTelemetry's instruments make a key
// of the attributes with functions that an app may have broken, and what they throw would be an uncaught exception.
import { SyncInstrument } from '@opentelemetry/sdk-metrics/build/src/Instruments'
import { reason, report } from '../diag/report'

type Record = (this: unknown, ...args: unknown[]) => void

let done = false

/** For all instruments of our copy of the SDK, which is part of our bundle. */
export function makeInstrumentsSafe(): void {
  if (done) return
  done = true
  const prototype = SyncInstrument.prototype as unknown as { _record: Record }
  const { _record } = prototype
  prototype._record = function (...args) {
    try {
      Reflect.apply(_record, this, args)
    } catch (error) {
      report('AFN137', `a measurement was lost (${reason(error)})`)
    }
  }
}
