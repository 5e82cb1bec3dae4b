import { captureError, errors, flush, recordCustomEvent, startMonitor } from '@afn/otel/browser/core'

startMonitor({ serviceName: 'bench' }, [errors])
globalThis.tool = { event: recordCustomEvent, error: captureError, flush }
