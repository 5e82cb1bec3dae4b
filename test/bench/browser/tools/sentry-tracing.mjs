import { browserTracingIntegration, init } from '@sentry/browser'
import { options, recording } from './sentry-recording.mjs'

init({ ...options, integrations: [browserTracingIntegration()], tracesSampleRate: 1 })
globalThis.tool = recording
