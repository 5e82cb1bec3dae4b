/**
 * The features that may begin a moment later, in a chunk of their own: what they record is buffered by the browser, or comes of
 * people, who need a moment too.
 */
import { checkOptions } from './check-options'
import { clicks, scrollDepth, submits } from './features/interactions'
import { navigations, tellPage } from './features/navigations'
import { resend } from './features/resend'
import { streams } from './features/streams'
import { longFrames, navigationTiming, resourceTiming } from './features/timing'
import { webVitals } from './features/web-vitals'
import { load } from './load-chunk'
import type { Feature } from './options'

const suppression: Feature = options => {
  if (options.suppression === true) load(import('./features/suppression'), options)
}

/** Firefox has `keepalive` from version 133 on, and the Navigation API from 147 on; Safari from 13 and 26.2 on. */
const older: Feature = () => {
  if (!('keepalive' in Request.prototype && 'navigation' in globalThis)) load(import('./older'), tellPage)
}

export const features: readonly Feature[] = [
  suppression,
  resend,
  webVitals,
  navigations,
  navigationTiming,
  resourceTiming,
  longFrames,
  clicks,
  submits,
  scrollDepth,
  streams,
  older,
  checkOptions,
]
