/** Every detector. Called by `redactor.ts` and `explain.ts`. */
import { locales } from '../locales'
import { detectorsWith } from './engine'
import { operations } from './operations'

export const detectors = detectorsWith({ ...locales, detectors: [...operations, ...locales.detectors] })
