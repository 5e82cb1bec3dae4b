/** The chunk of the option `suppression`. */
import { suppression } from './features/suppression'
import type { Feature } from './options'

export const features: readonly Feature[] = [suppression]
