// Each detector of ours alone, for the growth table of bench:redact. Bundled and called by redact.mjs.
import { registered } from '../../../src/shared/redact/detectors/registry'
import { detectors } from '../../../src/shared/redact/redactor'
import { createScanner } from '../../../src/shared/redact/scan/scanner'
import { work } from '../../../src/shared/redact/scan/work'
import { hostile } from '../../unit/redact-hostile'

/** What every detector gets besides its anchors, and what counts their work. */
export { hostile, work }

/** A scanner of each detector alone, with the text that asks it at every character. */
export const alone = detectors.map((detector, index) => {
  const { anchors } = detector
  const scan = createScanner([detectors[index]!])
  return {
    name: registered(detector)!.names[0]!,
    anchors: anchors.map(({ at }) => at).join(''),
    read: (text: string) =>
      scan(
        text,
        tag => `[${tag}]`,
        () => {},
      ),
  }
})
