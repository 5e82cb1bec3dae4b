// Probes: texts of one kind each in which something personal is easily missed, beside texts that look alike and name nobody. They were
// written before the rules for them. Every other text is `unseen`: rules are tuned on the others alone.
import { ids } from './ids.mjs'
import { japanese } from './japanese.mjs'
import { personal } from './personal.mjs'
import { secrets } from './secrets.mjs'

/** @typedef {{ gone: string[], kept: string[] }} Probe what stands in «» has to go; `kept` has to pass unchanged */
/** @typedef {{ text: string, values: { start: number, end: number }[], isUnseen: boolean }} ProbeText */

/** @type {Record<string, Probe>} */
const kinds = { ...personal, ...japanese, ...secrets, ...ids }

/** @param {string} marked @returns {Omit<ProbeText, 'isUnseen'>} */
function unmark(marked) {
  let text = ''
  const values = []
  for (const [index, part] of marked.split(/[«»]/).entries()) {
    if (index % 2 === 1) values.push({ start: text.length, end: text.length + part.length })
    text += part
  }
  return { text, values }
}

/** By kind: texts with values in them, and texts without. @type {Map<string, { gone: ProbeText[], kept: ProbeText[] }>} */
export const probes = new Map(
  Object.entries(kinds).map(([kind, { gone, kept }]) => {
    const texts = /** @param {string[]} marked */ marked =>
      marked.map((text, index) => ({ ...unmark(text), isUnseen: index % 2 === 1 }))
    return [kind, { gone: texts(gone), kept: texts(kept) }]
  }),
)
