/** A value on the lines below its key: a block of YAML (`password: |`), or a line of its own. */
import { BLANK, codeAt, runEnd } from '../../../scan/chars'

const BLOCK = /[|>][+\-\d]{0,2}[ \t]{0,8}\r?\n(?=[ \t])/y
const NEXT_LINE = /\r?\n[ \t]{0,16}(?=[^\s<>#/{[(|"'`-][^\s"'`<>]{5,127}[ \t]{0,4}(?:\r?\n|$))/y
const MOST_LINES = 200

/** [start, end) of the block of YAML whose sign stands at `at`. */
export function yamlBlockAt(text: string, at: number): [number, number] | undefined {
  BLOCK.lastIndex = at
  if (!BLOCK.test(text)) return undefined
  const first = BLOCK.lastIndex
  const start = runEnd(text, first, BLANK, 64)
  let end = start
  for (
    let line = first, lines = 0;
    lines < MOST_LINES && runEnd(text, line, BLANK, start - first) === line + start - first;
    lines++
  ) {
    const next = text.indexOf('\n', line)
    end = next < 0 ? text.length : next
    if (next < 0) break
    line = next + 1
  }
  while (end > start && codeAt(text, end - 1) <= 32) end--
  return end > start ? [start, end] : undefined
}

/** [start, end) of the one word on the line below, where the line of the key ends at `at`. */
export function nextLineValue(text: string, at: number): [number, number] | undefined {
  NEXT_LINE.lastIndex = at
  if (!NEXT_LINE.test(text)) return undefined
  const start = NEXT_LINE.lastIndex
  let end = start
  while (end < text.length && codeAt(text, end) > 32) end++
  return [start, end]
}
