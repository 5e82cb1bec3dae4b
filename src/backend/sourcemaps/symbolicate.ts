// Maps frames of generated code to positions in the sources.
import { type TraceMap, traceSegment } from '@jridgewell/trace-mapping'
import { type Frame, parseFrame } from './stack'

export interface Original {
  /** Path of the source within the project: `src/cart.ts`. */
  readonly source: string
  /** Both start at 1. */
  readonly line: number
  readonly column: number
  /** The name of the function, if the map has it. */
  readonly name: string | undefined
}

interface Position extends Original {
  /** The name at this position, which is that of the called function. */
  readonly callee: string | undefined
}

/**
 * A map has names for positions, not for functions. So the function of a frame gets the name that the frame below calls it by.
 * @param frames of one stack, innermost first
 * @param mapOf returns the map of a frame's file
 * @returns one entry per frame; undefined without a map or a mapping
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
  // a segment extends to the next one, but its name belongs only to its start
  const callee = name !== undefined && begin === column - 1 ? map.names[name] : undefined
  return { source: sourceName(file), line: sourceLine + 1, column: sourceColumn + 1, name: undefined, callee }
}

/** Removes the location of the build: `webpack://app/./src/cart.ts?1a2b`, `turbopack:///[project]/src/cart.ts`, `../../src/cart.ts`. */
const sourceName = (source: string): string =>
  source
    .replace(/^(?!file:)[a-z][a-z\d+.-]*:\/\/[^/]*\/(?:\[project\]\/)?/i, '')
    .replace(/^(?:\.{1,2}\/)+/, '')
    .replace(/\?.*$/s, '')

/** Formats a frame like V8, which most tools can parse. */
export function showFrame(frame: Frame, original: Original | undefined): string {
  const { line, column } = original ?? frame
  const name = original?.name ?? frame.name
  const place = `${original?.source ?? frame.file}:${line}:${column}`
  return name ? `${name} (${place})` : place
}

/** @returns the text with all mapped frames at their source positions, and everything else unchanged */
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
