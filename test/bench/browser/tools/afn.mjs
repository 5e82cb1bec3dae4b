import { initializeMonitor, monitor } from '@afn/otel/browser'

initializeMonitor({ serviceName: 'bench' })
globalThis.tool = { event: monitor.recordCustomEvent, error: monitor.captureError, flush: monitor.flush }
