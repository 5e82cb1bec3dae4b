/** What only older browsers need, in a chunk of its own, which no other loads. */
import { beacon } from './features/beacon'
import { historyNavigations } from './features/history'

export const features = [beacon, historyNavigations] as const
