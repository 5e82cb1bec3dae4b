/**
 * Which labels of a table help to read the cells below them: those of a person, of a secret, or of a number that is somebody's.
 */
import { nameWordAt } from '../../words/name-words'
import { kindBefore } from '../../words/number-words'
import { secretWordAt } from '../../words/secret-words'
import type { Cell } from './cells'

/** Of each column: its label, undefined when that says nothing of a person or a secret. */
export type Labels = readonly (string | undefined)[]

/** A cell below a label. */
export type LabelledCell = readonly [Cell, string]

export const LONGEST_LABEL = 40
const LABEL = /^[\p{L}#][\p{L}\p{M}\d _.\-/#'*()]*$/u
/** Columns that only tables of people have: `name` beside one is a person's. */
const PERSONAL =
  /^(?:.*[-_. ])?(?:e-?mail|phone|tel|mobile|address|birth ?day|birth[_ ]?date|date[_ ]of[_ ]birth|dob|gender|age|ssn|surname|(?:first|last)[_ ]?name)$|メール|電話|住所|生年月日|性別|年齢/i
const BARE_NAME = /^(?:name|nombre|nom|nome|naam|namn|navn|nimi|nama|名前|お名前)$/i

/** The labels of a header, undefined for those that do not help; undefined when none does. */
export function labelsOf(text: string, cells: readonly Cell[]): Labels | undefined {
  const labels: string[] = []
  for (const { start, end } of cells) {
    const label = text.slice(start, end).replace(/^\*{1,4}|\*{1,4}$/g, '')
    if (label !== '' && (label.length > LONGEST_LABEL || !LABEL.test(label))) return undefined
    labels.push(label)
  }
  const isOfPeople = labels.some(label => PERSONAL.test(label))
  const kept = labels.map(label => {
    if (isOfPeople && BARE_NAME.test(label)) return 'full_name'
    return isUseful(label) ? label : undefined
  })
  return kept.some(label => label !== undefined) ? kept : undefined
}

/** What stands under the others has its own shape, or is nobody's. */
const NUMBERS_OF_NOBODY = new Set(['version', 'host', 'other', 'call'])

function isUseful(label: string): boolean {
  // whatever is under a bare `name` of documents: a parameter, a file
  if (BARE_NAME.test(label)) return false
  if (nameWordAt(label, label.length)) return true
  const secret = secretWordAt(label, label.length)?.value
  if (secret === 'secret' || secret === 'token' || secret === 'word' || secret === 'code') return true
  const number = kindBefore(label, label.length)
  return number !== undefined && !NUMBERS_OF_NOBODY.has(number)
}

/** Adds the cells of a row that stand below a label. */
export function addRow(cells: readonly Cell[], labels: Labels, found: LabelledCell[]): void {
  cells.forEach((cell, index) => {
    const label = labels[index]
    if (label !== undefined) found.push([cell, label])
  })
}
