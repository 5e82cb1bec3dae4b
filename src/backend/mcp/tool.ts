// What a tool of the MCP server is: a name, a JSON Schema of its arguments, and a question to the API of `afn-otel up`.
import type { Backend } from '../../shared/queries/http'
import type { Query } from '../../shared/queries/query'

export interface Context {
  readonly backend: Backend
  /** The queries of `collector/queries`, by name. */
  readonly catalogue: ReadonlyMap<string, Query>
  now(): Date
}

/** A rejected argument, or a question that has no answer. Its message is for the agent, and says what to do. */
export class ToolError extends Error {}

export interface Schema {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, object>>
  readonly required?: readonly string[]
}

/** Arguments that the schema of the tool has let through. */
export type Arguments = Readonly<Record<string, unknown>>

/** What a tool has found. The server puts as much of it into the answer as its bound allows. */
export interface ToolResult {
  /** What is known of the whole. */
  readonly facts: Readonly<Record<string, unknown>>
  /** What there may be any number of. */
  readonly list?: {
    readonly name: string
    readonly items: readonly unknown[]
    /** How many of the whole list come before these items. Default 0. */
    readonly offset?: number
    /** Length of the whole list; undefined where nobody has counted it. */
    readonly total?: number | undefined
    /** Whether the list goes on after these items. */
    readonly goesOn?: boolean
  }
}

export interface Tool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly input: Schema
  /** @throws ToolError, BackendError */
  run(args: Arguments, context: Context): Promise<ToolResult>
}

export const string = (description: string, more: object = {}) => ({ type: 'string', description, ...more })

export const wholeNumber = (description: string, minimum: number, maximum: number, fallback: number) => ({
  type: 'integer',
  description,
  minimum,
  maximum,
  default: fallback,
})

/** @returns undefined for an argument that is absent or an empty text */
export function textOf(args: Arguments, name: string): string | undefined {
  const value = args[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

export const numberOf = (args: Arguments, name: string, fallback: number): number =>
  typeof args[name] === 'number' ? args[name] : fallback

export const traceIdArgument = string('The trace id, in up to 32 hexadecimal digits.', {
  pattern: '^[0-9a-fA-F]{1,32}$',
})

export const offsetArgument = wholeNumber(
  'How many of the list to leave out: next_offset of the answer before.',
  0,
  1_000_000,
  0,
)
