/**
 * A fingerprint of each exception that survives deploys: of the type, the message without its numbers and quotations, and
 * the files of the first three frames without origin, query, line and hash.
 */
import { describeMore } from '../exception'
import { redactText } from '../redact'

/** 32 bits, by factors of 31 as `String.hashCode` of Java. */
function hash(text: string): string {
  let value = 0
  for (const char of text) value = (Math.imul(value, 31) + char.codePointAt(0)!) >>> 0
  return value.toString(16)
}

export function fingerprints(): void {
  describeMore((type, message, stack) => {
    const frames = stack.match(/[\w.-]{1,100}\.[cm]?[jt]sx?(?=[?:])/g) ?? []
    const files = frames.slice(0, 3).map(file => file.replace(/[.-](?=[\w-]*[\dA-Z])[\w-]{6,}(?=[.\w]+$)/, ''))
    const text = redactText(message).replace(/\d+|"[^"]*"|'[^']*'/g, '#')
    return { 'afn.error.fingerprint': hash([type, text, ...files].join('\n')) }
  })
}
