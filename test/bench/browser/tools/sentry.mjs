import { init } from '@sentry/browser'
import { options, recording } from './sentry-recording.mjs'

init(options)
globalThis.tool = recording
