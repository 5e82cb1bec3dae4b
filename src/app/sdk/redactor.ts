// The redactor as the settings want it, with the key of its pseudonyms.
import type * as Crypto from 'node:crypto'
import { hmacOf, keyIdOf, readKeyFile } from '../../shared/config/hmac-key'
import type { Settings } from '../../shared/config/settings'
import { reason, report } from '../../shared/diag/report'
import type { ListedValue, RedactOptions, Redactor } from '../../shared/redact'
import { loadChunk, loadInPieces } from '../chunks'
import { LateRedactor } from './late-redactor'
import { RULE_SET } from './rule-set'

/** A hit in one of these is a pseudonym in every mode: users that all are `[EMAIL]` would be one user. */
const userKeys = ['user.id', 'session.id', 'enduser.id', 'langfuse.user.id', 'langfuse.session.id']

export interface SdkRedactor {
  readonly redactor: Redactor
  /** Tells pseudonyms of one key from those of the next; undefined where no key is set. */
  readonly keyId: string | undefined
  /** Names the rules of the Collector's second line, if all of them were applied to everything. */
  readonly rules: string | undefined
}

export function createSdkRedactor(settings: Settings): SdkRedactor & { readonly redactor: LateRedactor } {
  const key = settings.hmacKey ?? keyOfFile(settings.hmacKeyFile)
  const asks = [
    settings.redactionMode,
    ...Object.values(settings.redactionTypes),
    ...Object.values(settings.redactionKeys),
  ]
  if (!key && (settings.pseudonymizeUserId || asks.includes('pseudonym'))) {
    report('AFN142', 'pseudonyms are wanted without AFN_HMAC_KEY: they hold for this process alone')
  }
  let hmac: ReturnType<typeof hmacOf> | undefined
  const allowed = listed(settings.redactionAllow)
  const denied = listed(settings.redactionDeny)
  const options: RedactOptions = {
    content: settings.captureContent,
    enabled: settings.redaction,
    mode: settings.redactionMode,
    types: settings.redactionTypes,
    keys: { ...settings.redactionKeys, ...missing(settings.redactionKeys) },
    allow: { keys: settings.redactionAllowKeys, values: allowed },
    deny: {
      keys: [...settings.redactionDenyKeys, ...(settings.pseudonymizeUserId ? userKeys : [])],
      values: denied,
    },
    hmac(text) {
      hmac ??= hmacOf(key ?? (require('node:crypto') as typeof Crypto).randomBytes(32))
      return hmac(text)
    },
    onError: (where, error) =>
      report('AFN140', `redaction failed on ${where} (${reason(error)}); the value was masked whole`),
  }
  return {
    redactor: new LateRedactor(function* () {
      const { createRedactor } = yield* loadInPieces('redact')
      if (!findsNames(settings)) return createRedactor(options)
      yield
      return createRedactor({ ...options, persons: yield* loadChunk('names').unpackNames() })
    }),
    keyId: key && keyIdOf(key),
    rules: appliesAllRules(settings) ? RULE_SET : undefined,
  }
}

/** Only content has sentences, and what is sent of it in full keeps its names. */
function findsNames({ redaction, redactionNames, captureContent }: Settings): boolean {
  return redaction && redactionNames && captureContent === 'redacted'
}

/** What somebody chose to send as it is, the second line has to look at. */
function appliesAllRules(settings: Settings): boolean {
  const { redaction, captureContent, redactionAllow, redactionAllowKeys } = settings
  return redaction && captureContent !== 'full' && redactionAllow.length === 0 && redactionAllowKeys.length === 0
}

function missing(keys: Settings['redactionKeys']): Record<string, 'pseudonym'> {
  return Object.fromEntries(userKeys.filter(key => !(key in keys)).map(key => [key, 'pseudonym']))
}

function keyOfFile(file: string | undefined): string | undefined {
  if (!file) return undefined
  try {
    return readKeyFile(file)
  } catch (error) {
    report('AFN142', `AFN_HMAC_KEY_FILE could not be read: ${reason(error)}`)
    return undefined
  }
}

/** `/pattern/` and `/pattern/i` are patterns, everything else is a text. */
function listed(values: readonly string[]): ListedValue[] {
  return values.flatMap((value): ListedValue[] => {
    const [, source, flags] = /^\/(.+)\/([isuv]*)$/.exec(value) ?? []
    if (source === undefined) return [value]
    try {
      const pattern = new RegExp(source, flags)
      loadChunk('redact').createRedactor({ allow: { values: [pattern] } })
      return [pattern]
    } catch (error) {
      report('AFN142', reason(error))
      return []
    }
  })
}
