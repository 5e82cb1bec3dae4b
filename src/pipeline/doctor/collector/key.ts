// Whether the app's pseudonyms are those of the Collector.
import { type Check, checksOf } from '../check'
import type { Sample } from '../exposition'

/** The Collector reports the id of its key, never the key, when `AFN_HMAC_KEY_ID` is set; `collector run` sets it. */
export function keyCheck(samples: ReadonlyMap<string, readonly Sample[]>, keyId: string | undefined): Check {
  const { holds, fails, skips } = checksOf('Collector')
  const name = 'key of the pseudonyms'
  const theirs = samples.get('target_info')?.[0]?.labels.afn_redaction_key_id?.replace(/^id /, '')
  if (!theirs) return skips(name, `unknown; set AFN_HMAC_KEY_ID=${keyId ?? 'ID'} in the Collector, next to its key`)
  if (keyId === undefined)
    return skips(name, `${theirs}; the app has no key, so its pseudonyms are valid for one process only (AFN_HMAC_KEY)`)
  return keyId === theirs
    ? holds(name, `${theirs}, same as the app`)
    : fails(
        name,
        `${theirs}, but the app uses ${keyId}: the same person gets two pseudonyms; set the same AFN_HMAC_KEY in both`,
      )
}
