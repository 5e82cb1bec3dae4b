// The user's own model of names, as a type that needs nothing else: it is part of what `./sdk` declares.
import type { Entity } from '../../shared/redact/entities'

/**
 * Finds names and the like in message content, which was redacted by the detectors before: JSON text, in which positions
 * count UTF-16 units. One list for each text, in their order. `signal` is aborted when nobody waits any more.
 */
export type Ner = (texts: readonly string[], signal: AbortSignal) => Promise<readonly (readonly Entity[])[]>
