/** What stands behind `Authorization:`, `Cookie:` and the like when it is a secret. */
import { looksRandom } from '../plausible'

const SCHEME =
  /^(?:bearer|basic|digest|token|api-?(?:key|token)|negotiate|ntlm|aws4-hmac-sha256|hawk|oauth|sharedkey|key|jwt)[ :]+(?!\.\.)[^\s$<{[]/i

/** The scheme of a vendor (`SSWS`, `GenieKey`, `Splunk`), which is any word, before what a machine made. */
const ANY_SCHEME = /^[A-Za-z][\w-]{1,30} +([^\s"'`<>{}()[\],$\\]{12,})/

/** A header's value in quotes may be any text, but not a lone scheme or the name of a package. */
export function isHeaderText(value: string): boolean {
  return /[=\d]/.test(value) || /\S\s+\S/.test(value) || value.trim().length >= 16
}

/** `name=…` of a cookie, a scheme with credentials, or a bare token: not the words that a sentence goes on with. */
export function isHeaderValue(line: string): boolean {
  return (
    SCHEME.test(line) ||
    looksRandom(ANY_SCHEME.exec(line)?.[1] ?? '') ||
    /^[\w.-]{1,64}=[^\s$<{[]/.test(line) ||
    looksRandom(/^[^\s"'`<>{}()[\],$\\]*(?=\s*(?:$|[\r\n"'`\\]))/.exec(line)?.[0] ?? '')
  )
}
