/**
 * A fingerprint of each exception that survives deploys: of the type, the message without its numbers and quotations, and
 * the files of the first three frames without origin, query, line and hash.
 */
import { describeMore } from '../exception'
import { redactText } from '../redact'

/** 32 bits, by factors of 31 as `String.hashCode` of Java. */
function hash(text: string): string {
  let value = 0
  for (let at = 0; at < text.length; at++) value = (Math.imul(value, 31) + text.charCodeAt(at)) >>> 0
  return value.toString(16)
}

/** Its end is looked for first, which is quick: names are everywhere in a stack. */
const FILE = /\.[cm]?[jt]sx?(?=[?:])(?<=([\w.-]{4,100}))/g

export function fingerprints(): void {
  describeMore((type, message, stack) => {
    const files = Array.from(stack.matchAll(FILE), ([, file]) =>
      file!.replace(/[.-](?=[\w-]*[\dA-Z])[\w-]{6,}(?=[.\w]+$)/, ''),
    ).slice(0, 3)
    const text = redactText(message).replace(/\d+|"[^"]*"|'[^']*'/g, '#')
    return { 'afn.error.fingerprint': hash([type, text, ...files].join('\n')) }
  })
}
