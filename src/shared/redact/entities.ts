/** What a model of the user's own found in a text. */
import { type Masker, TYPE_NAME } from './mask'

export interface Entity {
  /** index of the first UTF-16 unit */
  readonly start: number
  /** index after the last one */
  readonly end: number
  /** in capitals, such as `NAME`; what is no such name is masked as `REDACTED` */
  readonly type: string
}

const MASKS = new RegExp(`\\[${TYPE_NAME}(?::\\*?[\\dA-Za-z]{4,16})?\\]`, 'g')
const TYPE = new RegExp(`^${TYPE_NAME}$`)

/** The text with the entities replaced. What overlaps a mask, or another that begins before it, is left. */
export function replaceEntities(text: string, entities: readonly Entity[], masked: Masker): string {
  const taken = [...text.matchAll(MASKS)].map(({ index, 0: mask }) => ({ start: index, end: index + mask.length }))
  let result = ''
  let kept = 0
  for (const { start, end, type } of [...entities].sort((a, b) => a.start - b.start)) {
    if (start < kept || start >= end || taken.some(mask => start < mask.end && end > mask.start)) continue
    const value = text.slice(start, end)
    const mask = masked((TYPE.test(type) ? type : 'REDACTED') as Parameters<Masker>[0], value)
    result += text.slice(kept, start) + (mask ?? value)
    kept = end
  }
  return result + text.slice(kept)
}
