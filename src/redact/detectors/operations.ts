/**
 * Detectors for what is written where servers are run: commands, manifests, connections. Called by `locales/index.ts`.
 */
import type { Detector } from '../scan'
import { command } from './command'
import { connection } from './connection'
import { manifest } from './manifest'
import { pair } from './pair'

export const operations: readonly Detector[] = [command, connection, manifest, pair]
