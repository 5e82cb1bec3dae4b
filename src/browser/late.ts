/**
 * The features that may begin a moment later, in a chunk of their own: what they tell is buffered by the browser, or comes of
 * people, who need a moment too. Imported by `initialize.ts`.
 */
import { clicks, scrollDepth, submits } from './features/interactions'
import { navigations } from './features/navigations'
import { streams } from './features/streams'
import { longFrames, navigationTiming, resourceTiming } from './features/timing'
import { webVitals } from './features/web-vitals'
import type { Feature } from './options'

export const late: readonly Feature[] = [
  webVitals,
  navigations,
  navigationTiming,
  resourceTiming,
  longFrames,
  clicks,
  submits,
  scrollDepth,
  streams,
]
