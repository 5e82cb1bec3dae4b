/**
 * The engine for a browser: reads texts with all detectors of `detectors/engine.ts` and masks. A lazy chunk of the
 * browser SDK, which uses `redactCore` until it has come; `locales/index.ts` is one more chunk that makes it complete.
 * No key, hence no pseudonyms; no records: those are the server's.
 */
import { detectorsWith, type Locales } from './detectors'
import { FAILED } from './mask'
import { createScanner } from './scan/scanner'

/**
 * Compiles the detectors into one function, which returns the same string when it finds nothing. Texts over 256 Ki
 * characters lose their tail; a text on which a detector throws becomes `[REDACTION_FAILED]`.
 * @param locales of `locales/index.ts`, once it was loaded
 */
export function createTextRedactor(locales?: Locales): (text: string) => string {
  const scan = createScanner(detectorsWith(locales), undefined, locales?.tables)
  return text => {
    try {
      return scan(
        text,
        tag => `[${tag}]`,
        () => {},
      )
    } catch {
      return FAILED
    }
  }
}
