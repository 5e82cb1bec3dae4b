// Texts to compare two redactors with: pieces of others, put together anew with what stands at the edges of values, so that
// anchors stand beside what no writer puts there.
import { seeded } from './corpus/random.mjs'

/** What ends words, numbers and keys, or begins a value. */
const EDGES = [
  ...[' ', '  ', '\n', '\\n', '\r\n', '\t', '"', '\\"', "'", '`', ':', ': ', '=', '%20', '%3D', '@', '-', '.', ',', ', '],
  ...['(', ')', '[', ']', '{', '}', '<', '>', '|', '/', '\\', '#', '+', '_', '~', '*', '?', '!', ';', '&', '$', 'x', 'A', 'b'],
  ...['0', '1', '12', '123', '1234', '12345', '123456', '1234567', '2026-01-02', 'T10:11:12.123Z', 'T10:11:12Z', 'st', 'nd'],
  ...['é', 'は', '名', '\u00a0', '１', '\u200b', 'chome', 'bte ', 'Apt ', 'Box ', 'code ', 'password', 'name', 'value', 'content'],
  ...['token', 'string', 'zip ', 'call '],
] // biome-ignore format: a list

const MOST_PIECES = 5
const MOST_EDITS = 6

/**
 * @param {readonly string[]} texts
 * @param {number} seed
 * @returns {() => string} the next text
 */
export function mixedTexts(texts, seed) {
  const { int, pick } = seeded(seed)
  return () => {
    let text = ''
    for (let pieces = int(1, MOST_PIECES); pieces > 0; pieces--) {
      const from = pick(texts)
      const length = int(1, int(1, 3) === 1 ? 400 : 60)
      const at = int(0, Math.max(0, from.length - length))
      text += from.slice(at, at + length)
      for (let edges = int(0, 3); edges > 0; edges--) text += pick(EDGES)
    }
    for (let edits = int(0, MOST_EDITS); edits > 0; edits--) {
      const at = int(0, text.length)
      text = text.slice(0, at) + pick(EDGES) + text.slice(at + int(0, 2))
    }
    return text
  }
}
