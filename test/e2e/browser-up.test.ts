// Pages that are left, through the app's route into a real `afn-otel up`, and out of its query API again.
import { afterAll, describe } from 'vitest'
import { backendMatrix } from '../browser/backend-matrix'
import { hasChromium } from '../browser/chromium'
import { type RunningUp, startUp } from '../support/up'

interface Line {
  readonly attributes: { readonly run?: string; readonly n?: number }
}

describe.skipIf(!hasChromium)('what a page leaves behind is found in afn-otel up', () => {
  let up: RunningUp
  afterAll(() => up?.stop())
  backendMatrix(async () => {
    up = await startUp()
    return {
      otlp: up.otlp,
      async numbers(run) {
        const { logs } = (await (await fetch(`${up.url}/api/afn/logs?limit=10000`)).json()) as { logs: Line[] }
        return logs.filter(({ attributes }) => attributes.run === run).map(({ attributes }) => attributes.n!)
      },
    }
  })
})
