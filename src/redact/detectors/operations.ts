/**
 * Detectors for what is written where servers are run: commands, manifests, connections, files of keys and hashes.
 * Called by `locales/index.ts`.
 */
import type { Detector } from '../scan/scanner'
import { argument } from './secrets/commands/argument'
import { command } from './secrets/commands/command'
import { connection } from './secrets/formats/connection'
import { crypt } from './secrets/formats/crypt'
import { putty } from './secrets/formats/putty'
import { manifest } from './secrets/key-values/manifest'
import { pair } from './secrets/key-values/pair'

export const operations: readonly Detector[] = [argument, command, connection, crypt, manifest, pair, putty]
