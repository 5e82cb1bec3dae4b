// The same features as `initializeMonitor`, and none of them lazy.
import * as afn from '@afn/otel/browser/core'

afn.startMonitor({ serviceName: 'bench' }, [
  afn.compression,
  afn.beacon,
  afn.offlineQueue,
  afn.fingerprints,
  afn.sessionEvents,
  afn.errors,
  afn.resourceErrors,
  afn.cspReports,
  afn.fetchSpans,
  afn.xhrSpans,
  afn.webVitals,
  afn.navigations,
  afn.navigationTiming,
  afn.resourceTiming,
  afn.longFrames,
  afn.clicks,
  afn.submits,
  afn.scrollDepth,
  afn.streams,
])
globalThis.tool = { event: afn.recordCustomEvent, error: afn.captureError, flush: afn.flush }
