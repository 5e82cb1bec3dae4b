// Whether the app's pseudonyms are those of the Collector.
import { type Check, checksOf } from '../check'
import type { Sample } from '../exposition'

/** The Collector reports the id of its key, never the key, when `AFN_HMAC_KEY_ID` is set; `collector run` sets it. */
export function keyCheck(samples: ReadonlyMap<string, readonly Sample[]>, keyId: string | undefined): Check {
  const { holds, fails, skips } = checksOf('Collector')
  const name = 'key of the pseudonyms'
  const theirs = samples.get('target_info')?.[0]?.labels.afn_redaction_key_id?.replace(/^id /, '')
  if (!theirs) return skips(name, `it does not say which it has; set AFN_HMAC_KEY_ID=${keyId ?? 'ID'} next to its key`)
  if (keyId === undefined)
    return skips(name, `${theirs}; the app has none, so its own pseudonyms hold for one process (AFN_HMAC_KEY)`)
  return keyId === theirs
    ? holds(name, `${theirs}, as the app's`)
    : fails(
        name,
        `${theirs}, but the app's is ${keyId}: the same person gets two pseudonyms; give both the same AFN_HMAC_KEY`,
      )
}
