// Parses one line of a stack trace as V8 (Chrome, Node.js), SpiderMonkey (Firefox) and JavaScriptCore (Safari) print it.

export interface Frame {
  /** As the engine prints it; empty if it has none. */
  readonly name: string
  /** URL or path; empty for frames outside of a build: native code, `eval`, Node.js modules. */
  readonly file: string
  /** Both start at 1; 0 without a position. */
  readonly line: number
  readonly column: number
  /** Whether the frame awaited the one above instead of calling it. */
  readonly isAsync: boolean
}

/** @returns undefined if the line is not a frame, such as a message or `Caused by: …` */
export function parseFrame(text: string): Frame | undefined {
  const line = text.trim()
  return line.startsWith('at ') ? ofV8(line.slice(3)) : ofOthers(line)
}

/** `fn (URL:1:2)`, `async fn (URL:1:2)`, `URL:1:2`, `Array.map (<anonymous>)`, `eval (eval at f (URL:1:2), <anonymous>:1:1)` */
function ofV8(text: string): Frame | undefined {
  const isAsync = text.startsWith('async ')
  const body = isAsync ? text.slice(6) : text
  const open = body.endsWith(')') ? body.indexOf(' (') : -1
  if (open >= 0) return frame(body.slice(0, open), body.slice(open + 2, -1), isAsync)
  return placeOf(body) && frame('', body, isAsync)
}

/** `fn@URL:1:2`, `@URL:1:2`, `async*fn@URL:1:2`, `URL:1:2`, `fn@[native code]` */
function ofOthers(line: string): Frame | undefined {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(line)) return placeOf(line) && frame('', line, false)
  const at = line.indexOf('@')
  if (at < 0) return undefined
  const place = line.slice(at + 1)
  if (place !== '[native code]' && !placeOf(place)) return undefined
  const name = line.slice(0, at)
  return frame(name.slice(name.lastIndexOf('*') + 1), place, name.includes('*'))
}

function frame(name: string, place: string, isAsync: boolean): Frame {
  const isForeign = /^eval at |^node:| > (?:eval|Function)\b/.test(place)
  return { name, isAsync, ...((!isForeign && placeOf(place)) || { file: '', line: 0, column: 0 }) }
}

function placeOf(text: string): Pick<Frame, 'file' | 'line' | 'column'> | undefined {
  const [place, line, column] = /:(\d{1,9}):(\d{1,9})$/.exec(text) ?? []
  return place === undefined
    ? undefined
    : { file: text.slice(0, -place.length), line: Number(line), column: Number(column) }
}
