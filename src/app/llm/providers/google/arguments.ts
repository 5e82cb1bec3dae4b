// Assembles function call arguments that Vertex streams in pieces: each has the JSON path of an argument (`$.flights[0].from`), and a value
// or the next piece of a text.
// https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling
import { type Doc, docs } from '../../wire/json'
import { joined } from '../fold'

const STEP = /\.([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/g

/** Maximum list entries that a path may leave empty, and maximum nesting, so that a path cannot exhaust the memory. */
const MOST_EMPTY = 100
const DEEPEST = 64

type Step = string | number
type Container = Record<Step, unknown>

export function placeAll(args: Doc, pieces: unknown): void {
  for (const piece of docs(pieces)) place(args, stepsOf(piece.jsonPath), valueIn(piece))
}

function place(args: Doc, steps: Step[], value: unknown): void {
  if (value === undefined || steps.length === 0 || steps.length > DEEPEST) return
  const last = steps.pop() as Step
  let at = args as Container
  for (const [i, step] of steps.entries()) {
    if (isRefused(at, step)) return
    const known = own(at, step)
    if (typeof known !== 'object' || known === null) at[step] = typeof (steps[i + 1] ?? last) === 'number' ? [] : {}
    at = at[step] as Container
  }
  if (!isRefused(at, last)) at[last] = typeof value === 'string' ? joined(own(at, last), value) : value
}

function stepsOf(path: unknown): Step[] {
  return [...String(path).matchAll(STEP)].map(([, name, index, single, double]) =>
    index === undefined ? (name ?? single ?? double ?? '') : Number(index),
  )
}

function valueIn(piece: Doc): unknown {
  return piece.stringValue ?? piece.numberValue ?? piece.boolValue ?? ('nullValue' in piece ? null : undefined)
}

function isRefused(at: Container, step: Step): boolean {
  return Array.isArray(at) ? !(Number(step) <= at.length + MOST_EMPTY) : step === '__proto__'
}

function own(at: Container, step: Step): unknown {
  return Object.hasOwn(at, step) ? at[step] : undefined
}
