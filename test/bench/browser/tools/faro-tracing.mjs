import { getWebInstrumentations, initializeFaro } from '@grafana/faro-web-sdk'
import { TracingInstrumentation } from '@grafana/faro-web-tracing'
import { recording } from './faro-recording.mjs'

initializeFaro({
  url: `${location.origin}/sink/collect`,
  app: { name: 'bench' },
  instrumentations: [...getWebInstrumentations(), new TracingInstrumentation()],
})
globalThis.tool = recording
