/**
 * What an expression looks at is charged here, by characters, whoever wrote the text. One that reads what stands before a place
 * is read backwards from there and begins nowhere else (`ending`), or gets a short piece that it reads once (`textBefore`,
 * `textAround`): no search begins anew at each character of a window.
 */
import { spend } from './work'

/** An expression looks at eight characters in a unit of work, here as bits; and what it costs to ask it. */
const CHARACTERS = 3
const ASKED = 2

/** What stands before `at`, so many characters at most. */
export function textBefore(text: string, at: number, most: number): string {
  const from = at > most ? at - most : 0
  spend((at - from) >> CHARACTERS)
  return text.slice(from, at)
}

/** What stands around `at`, so many characters on each side at most. */
export function textAround(text: string, at: number, most: number): string {
  return textBefore(text, at + most, 2 * most)
}

/** An expression for what ends at a place, all of which is its first group. Of its alternatives the first is taken, not the longest. */
export function ending({ source, flags }: RegExp): RegExp {
  return new RegExp(`(?<=(${source}))`, `${flags}y`)
}

/** What an expression of `ending` finds before `at`; from index 1 on all of it, then its groups. */
export function endingAt(form: RegExp, text: string, at: number): RegExpExecArray | null {
  form.lastIndex = at
  const found = form.exec(text)
  spend(ASKED + (found ? found[1]!.length >> CHARACTERS : 0))
  return found
}
