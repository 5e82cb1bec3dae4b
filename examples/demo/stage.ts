// What demo.mjs hands over to the rest of the demo.
import type { start } from './children.mjs'
import type { phase } from './phase.mjs'

export interface Stage {
  readonly collector: boolean
  readonly live: boolean
  /** The embedded backend is left running. */
  readonly keep: boolean
  /** Of the explorer and of OTLP, where it is kept. */
  readonly ports: readonly [number, number]
  /** The chat server with the packed package in its node_modules. */
  readonly app: string
  /** For whatever the demo writes; it goes when the demo ends. */
  readonly folder: string
  readonly start: typeof start
  readonly phase: typeof phase
}
