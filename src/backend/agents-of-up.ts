// Prepares `afn-otel up` to read coding agents: the price table, loaded at the first call, and the key for pseudonyms.
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

/** In the data folder. If the user sets no key, this one keeps a person's pseudonym the same across restarts. */
const KEY_FILE = 'pseudonyms.key'

/** What `up` takes from its command, because only the command can find the chunk with the prices. */
export interface AgentsOptions {
  readonly settings?: Partial<Pick<Settings, 'hmacKey' | 'hmacKeyFile'>> | undefined
  readonly data: string | undefined
  /** Loads the table. @throws Error if it is not available */
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

/** Makes the same pseudonyms as `afn-otel pseudonym`: e-mail addresses without `--type`, all other values with `--type REDACTED`. */
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
