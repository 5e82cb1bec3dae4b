// Makes invisible characters visible, because the texts of traces come from untrusted sources: users, models, pages that an app read. Each
// invisible character becomes its code point, so that no text can hide from a person who watches the agent, move the cursor or reverse the
// text direction.

/** Line breaks and tabs stay, and so does the variation selector for emoji. */
const invisible = /(?!\n|\t|\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** @returns the text, with each invisible character written as `\u{202e}` */
export const visible = (text: string): string =>
  text.replace(invisible, character => `\\u{${character.codePointAt(0)!.toString(16)}}`)

/** Maximum depth of a value. */
const DEEPEST = 12
/** Maximum characters of a key. */
const LONGEST_KEY = 200

export interface Shortened {
  readonly value: unknown
  /** Number of texts, lists and objects that were truncated. */
  readonly cut: number
}

/**
 * @param most maximum characters of a text
 * @param widest maximum members of a list or an object
 * @returns the value as JSON, with visible texts
 */
export function shortened(value: unknown, most: number, widest: number): Shortened {
  let cut = 0
  const text = (whole: string, longest: number): string => {
    if (whole.length <= longest) return visible(whole)
    cut++
    // does not split a surrogate pair
    const end = /[\ud800-\udbff]/.test(whole[longest - 1]!) ? longest - 1 : longest
    return `${visible(whole.slice(0, end))}… (${whole.length - end} characters more)`
  }
  const of = (part: unknown, level: number): unknown => {
    if (typeof part === 'string') return text(part, most)
    if (typeof part === 'bigint') return String(part)
    if (typeof part !== 'object' || part === null) return part
    if (level === DEEPEST) {
      cut++
      return '…'
    }
    if (Array.isArray(part)) {
      if (part.length > widest) cut++
      return part.slice(0, widest).map(member => of(member, level + 1))
    }
    const members = Object.entries(part).filter(([, member]) => member !== undefined)
    if (members.length > widest) cut++
    return Object.fromEntries(
      members.slice(0, widest).map(([key, member]) => [text(key, LONGEST_KEY), of(member, level + 1)]),
    )
  }
  return { value: of(value, 0), cut }
}
