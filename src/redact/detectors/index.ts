/** Every detector. Called by `redactor.ts` and `explain.ts`. */
import { locales } from '../locales'
import { detectorsWith } from './engine'

export const detectors = detectorsWith(locales)
