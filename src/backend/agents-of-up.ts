// What `afn-otel up` reads coding agents with: its price table, which is loaded with the first call, and its key of pseudonyms.
import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { PriceTable } from '../app/llm/report/cost/price-table'
import { createPricer } from '../app/llm/report/cost/pricer'
import { hmacOf, readKeyFile } from '../shared/config/hmac-key'
import type { Settings } from '../shared/config/settings'
import type { PseudonymOf } from '../shared/otlp/agents/persons'
import { createRedactor } from '../shared/redact'
import { isMask, type Masker } from '../shared/redact/mask'
import { createMasker } from '../shared/redact/modes'
import { createAgentReader } from './agents'

/** In the data folder: without a key of the user's, the same person has the same pseudonym after each start. */
const KEY_FILE = 'pseudonyms.key'

/** What `up` has of its command: the chunk of prices is found by the command alone. */
export interface AgentsOptions {
  readonly settings?: Partial<Pick<Settings, 'hmacKey' | 'hmacKeyFile'>> | undefined
  readonly data: string | undefined
  /** Loads the table. @throws Error where it can't be had */
  readonly prices: () => PriceTable
  readonly say: (line: string) => void
}

export function agentsOf({ settings, data, prices, say }: AgentsOptions) {
  const pricer = createPricer({
    load: prices,
    onFailure: error => say(`no prices: ${(error as Error).message}; calls of coding agents have no cost`),
  })
  const reader = createAgentReader({ pseudonymOf: pseudonymsOf(() => keyOf(settings, data)), pricer })
  return { reader, redactor: () => createRedactor() }
}

/** As `afn-otel pseudonym` makes them: an e-mail address as such, all else with `--type REDACTED`. */
function pseudonymsOf(key: () => string | Buffer): PseudonymOf {
  let mask: Masker | undefined
  return value => {
    if (isMask(value)) return value
    mask ??= createMasker({ mode: 'pseudonym', types: {}, hmac: hmacOf(key()) })
    return mask(value.includes('@') ? 'EMAIL' : 'REDACTED', value) ?? '[REDACTED]'
  }
}

function keyOf(settings: AgentsOptions['settings'], data: string | undefined): string | Buffer {
  if (settings?.hmacKey) return settings.hmacKey
  if (settings?.hmacKeyFile) return readKeyFile(settings.hmacKeyFile)
  if (data === undefined) return randomBytes(32)
  const file = path.join(data, KEY_FILE)
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 })
  return readKeyFile(file)
}
