// What a started distribution gives to the API. Called by `start.ts` and by `./sdk`.
import type { Settings } from '../config/settings'
import { nobodyMarked, unrecorded } from '../diag/report'
import type { Status } from '../diag/status'
import type { Telemetry } from '../sdk/start'
import type { Runtime } from './runtime'

export function offer(
  { captureContent }: Settings,
  status: Status,
  { flush, identify }: Pick<Telemetry, 'flush' | 'identify'>,
): Runtime {
  return {
    status: () => status,
    flush,
    content: captureContent !== 'off',
    identify(context, attributes) {
      if (!identify(context, attributes)) nobodyMarked()
    },
    failed: unrecorded,
  }
}
