import { detectors } from './redactor'
import { compile } from './scan/fast-reader'

/** What the first `createRedactor` would have to compile, for who makes one in pieces. */
export function early(): void {
  compile(detectors)
}
