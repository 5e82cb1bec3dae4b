// Texts that come from traces, so from anybody, as a terminal may get them: no control or format character can move its cursor, set its
// clipboard or turn its letters round. And what we write there ourselves: colours.
import { WriteStream } from 'node:tty'
import util from 'node:util'

/** JSON that means the same, with each such character written as `\u…`; JSON.stringify does so for the first 32 only. */
export function json(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, character =>
    Array.from({ length: character.length }, (_, at) => character.charCodeAt(at).toString(16).padStart(4, '0'))
      .map(unit => `\\u${unit}`)
      .join(''),
  )
}

/** Lines and tabs stay. */
export const plainText = (text: string): string => text.replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')

type Style = Parameters<typeof util.styleText>[0]

/**
 * Whether stdout shows colours, by the rules of Node.js: FORCE_COLOR first, then NO_COLOR, NODE_DISABLE_COLORS and TERM, and without any
 * whether it is a terminal.
 */
const hasColours = (): boolean =>
  (process.stdout.isTTY || process.env.FORCE_COLOR !== undefined) && WriteStream.prototype.getColorDepth() > 1

/** @returns the text, in a style where stdout shows one */
export function styled(style: Style, text: string): string {
  // Node.js has it from 20.12 on
  return 'styleText' in util && hasColours() ? util.styleText(style, text, { validateStream: false }) : text
}
