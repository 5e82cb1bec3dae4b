// Frames of generated code → where they are in the sources.
import { type TraceMap, traceSegment } from '@jridgewell/trace-mapping'
import { type Frame, parseFrame } from './stack'

export interface Original {
  /** Path of the source, without what is around it: `src/cart.ts`. */
  readonly source: string
  /** Both from 1. */
  readonly line: number
  readonly column: number
  /** Of the function, where the map tells it. */
  readonly name: string | undefined
}

interface Position extends Original {
  /** The name that stands at this position: of what is called here. */
  readonly callee: string | undefined
}

/**
 * A map has names for positions, not for functions. The function of a frame is what the frame below it calls.
 * @param frames of one stack, the innermost first
 * @param mapOf by the file of a frame
 * @returns for each frame; undefined where there is no map or nothing in it
 */
export function originalsOf(
  frames: readonly Frame[],
  mapOf: (file: string) => TraceMap | undefined,
): (Original | undefined)[] {
  const positions = frames.map(frame => {
    const map = frame.file && frame.line > 0 && frame.column > 0 ? mapOf(frame.file) : undefined
    return map && positionIn(map, frame)
  })
  return positions.map((position, at) => {
    if (!position) return undefined
    const { source, line, column } = position
    return { source, line, column, name: frames[at + 1]?.isAsync ? undefined : positions[at + 1]?.callee }
  })
}

function positionIn(map: TraceMap, { line, column }: Frame): Position | undefined {
  const segment = traceSegment(map, line - 1, column - 1)
  if (!segment || segment.length === 1) return undefined
  const [begin, source, sourceLine, sourceColumn, name] = segment
  const file = map.resolvedSources[source]
  if (!file) return undefined
  // a segment reaches to the next one; its name is that of the word at its beginning
  const callee = name !== undefined && begin === column - 1 ? map.names[name] : undefined
  return { source: sourceName(file), line: sourceLine + 1, column: sourceColumn + 1, name: undefined, callee }
}

/** Without where the build ran: `webpack://app/./src/cart.ts?1a2b`, `turbopack:///[project]/src/cart.ts`, `../../src/cart.ts`. */
const sourceName = (source: string): string =>
  source
    .replace(/^(?!file:)[a-z][a-z\d+.-]*:\/\/[^/]*\/(?:\[project\]\/)?/i, '')
    .replace(/^(?:\.{1,2}\/)+/, '')
    .replace(/\?.*$/s, '')

/** As V8 writes a frame, the form that most tools read. */
export function showFrame(frame: Frame, original: Original | undefined): string {
  const { line, column } = original ?? frame
  const name = original?.name ?? frame.name
  const place = `${original?.source ?? frame.file}:${line}:${column}`
  return name ? `${name} (${place})` : place
}

/** @returns the text with every frame that a map knows as it is in the sources, and all else as it came */
export function symbolicate(text: string, mapOf: (file: string) => TraceMap | undefined): string {
  const lines = text.split('\n')
  const frames = lines.map(parseFrame)
  const shown = [...lines]
  for (let at = 0; at < lines.length; at++) {
    const from = at
    while (frames[at]) at++
    const stack = frames.slice(from, at) as Frame[]
    originalsOf(stack, mapOf).forEach((original, index) => {
      const frame = stack[index]!
      if (original) shown[from + index] = `    at ${frame.isAsync ? 'async ' : ''}${showFrame(frame, original)}`
    })
  }
  return shown.join('\n')
}
