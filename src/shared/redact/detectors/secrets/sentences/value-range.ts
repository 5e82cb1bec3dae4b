/**
 * Where a value stands that a word announces without a verb: in the next column or on the next line of a key that has its
 * line for itself (`Password   hunter2`, `password,hunter2`), before the word (`hunter2 is the password`), behind what was
 * wrong with it (`"password" is invalid, got "hunter2"`), before what it is for or does (`use password hunter2 to log in`).
 */
import { ending, endingAt } from '../../../scan/pieces'

export type ValueRange = readonly [start: number, end: number]

const LINE = /(?: {2,24}|\t{1,4}|,|(?: {0,4}\r?\n))([^\s"'`,<>(){}[\]\\]{6,128})(?=[ \t]{0,8}(?:$|[\r\n"'`\\]))/y
/** What a key has before its last word, from the start of its line on. */
const LINE_START = ending(/(?:^|[\n"'`]|\\n)[ \t>*-]{0,8}(?:[A-Za-z][\w.-]{0,48} ){0,3}(?:[A-Za-z][\w.-]{0,48}[_.-])?/)
const IS_THE = ending(
  /(?:^|[\s"'`(])([^\s"'`()\\]{6,128})["'`]? (?:is|was|ist|est|es|è) (?:the|my|your|our|his|her|their|das|le|la|il|mon|mein|mi) (?:[\w-]{1,24} ){0,3}/i,
)
const GOT =
  /\\{0,8}["'`]? (?:(?:is|was|has|must|cannot|should|does) [a-z ]{1,40}|invalid|rejected|malformed)[,:;.]? (?:but )?(?:got|received|value|found|was|given|provided):? (\\{0,8})(["'`])([^\s"'`\\]{4,128})\1\2/iy
const FOR =
  / ([^\s"'`,<>(){}[\]\\]{6,128}) (?=(?:to|for) (?:log|sign|connect|authenticate|access|unlock|enter|get in)|does(?:n.t| not)|no longer|isn.t)/iy

/** In the same line or on the next. */
export function nextCell(text: string, start: number, end: number): ValueRange | undefined {
  return endingAt(LINE_START, text, start) ? last(LINE, text, end, 1, 0) : undefined
}

export function beforeKeyword(text: string, start: number): ValueRange | undefined {
  const [, all, value] = endingAt(IS_THE, text, start) ?? []
  if (all === undefined || value === undefined) return undefined
  const at = start - all.length + all.indexOf(value)
  return [at, at + value.length]
}

export function quotedByError(text: string, end: number): ValueRange | undefined {
  GOT.lastIndex = end
  const found = GOT.exec(text)
  return found ? last(GOT, text, end, 3, found[1]!.length + 1) : undefined
}

export function beforePurpose(text: string, end: number): ValueRange | undefined {
  return last(FOR, text, end, 1, 1)
}

/** The group that ends `behind` characters before the end of what the expression finds at `at`. */
function last(form: RegExp, text: string, at: number, group: number, behind: number): ValueRange | undefined {
  form.lastIndex = at
  const value = form.exec(text)?.[group]
  return value === undefined ? undefined : [form.lastIndex - behind - value.length, form.lastIndex - behind]
}
