/**
 * Detectors for what is written where servers are run: commands, manifests, connections, files of keys and hashes.
 * Called by `locales/index.ts`.
 */
import type { Detector } from '../scan'
import { argument } from './argument'
import { command } from './command'
import { connection } from './connection'
import { crypt } from './crypt'
import { manifest } from './manifest'
import { pair } from './pair'
import { putty } from './putty'

export const operations: readonly Detector[] = [argument, command, connection, crypt, manifest, pair, putty]
