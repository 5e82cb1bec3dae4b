// Texts that come from traces, so from anybody, as a terminal may get them: no control or format character can move its cursor, set its
// clipboard or turn its letters round.

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
