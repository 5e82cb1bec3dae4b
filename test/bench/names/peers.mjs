// The JavaScript packages that claim to find names of persons in text, each as a function from a text to what it found.
import { createRequire } from 'node:module'
import path from 'node:path'
import { changes } from '../../redact/score/diff.mjs'

/** @typedef {{ start: number, end: number }} Span */

/** @type {Record<string, (load: NodeJS.Require) => (text: string) => Span[] | Promise<Span[]>>} */
const MAKERS = {
  compromise: load => {
    const nlp = load('compromise')
    return text =>
      nlp(text)
        .people()
        .json({ offset: true })
        .map(
          /** @param {{ offset: { start: number, length: number } }} person */ ({ offset }) => ({
            start: offset.start,
            end: offset.start + offset.length,
          }),
        )
  },
  'redact-pii': load => {
    const { SyncRedactor } = load('redact-pii')
    const redactor = new SyncRedactor({ builtInRedactors: onlyNames })
    return text => changes(text, redactor.redact(text))
  },
  openredaction: load => {
    const { OpenRedaction } = load('openredaction')
    const redactor = new OpenRedaction({ patterns: ['NAME'] })
    return async text => changes(text, (await redactor.detect(text)).redacted)
  },
}

const onlyNames = Object.fromEntries(
  'creditCardNumber streetAddress zipcode phoneNumber ipAddress usSocialSecurityNumber emailAddress username password credentials digits url'
    .split(' ')
    .map(name => [name, { enabled: false }]),
)

/** @param {string} folder where they are installed @returns {Promise<[string, (text: string) => Span[]][]>} */
export async function peers(folder) {
  const require = createRequire(path.join(folder, 'package.json'))
  return Object.entries(MAKERS).flatMap(([name, make]) => {
    try {
      return [/** @type {[string, (text: string) => Span[]]} */ ([name, make(require)])]
    } catch (error) {
      console.log(`not measured: ${name}: ${String(error).split('\n')[0]}`)
      return []
    }
  })
}
