// What a protocol without streams has in place of one. Spread into such protocols.
import type { Fold, Protocol } from './protocol'

/** Whatever a proxy may send instead says nothing. */
const nothing: Fold = { event: () => false, done: () => {}, ended: false, complete: false, document: () => undefined }

export const unstreamed: Pick<Protocol, 'telling' | 'fold'> = { telling: /^/, fold: () => nothing }
