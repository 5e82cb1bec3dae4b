// The type of a tool of the MCP server: a name, a JSON Schema of its arguments, and a query to the API of `afn-otel up`.
import type { Backend } from '../../shared/queries/http'
import type { Query } from '../../shared/queries/query'

export interface Context {
  readonly backend: Backend
  /** The queries of `collector/queries`, by name. */
  readonly catalogue: ReadonlyMap<string, Query>
  now(): Date
}

/** An invalid argument or a query without an answer. The message tells the agent what to do. */
export class ToolError extends Error {}

export interface Schema {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, object>>
  readonly required?: readonly string[]
}

/** Arguments that the tool's schema has validated. */
export type Arguments = Readonly<Record<string, unknown>>

/** What a tool found. The server includes as much as its size limit allows. */
export interface ToolResult {
  /** Facts about the whole. */
  readonly facts: Readonly<Record<string, unknown>>
  /** The items, which may be of any number. */
  readonly list?: {
    readonly name: string
    readonly items: readonly unknown[]
    /** How many items precede these in the whole list. Default 0. */
    readonly offset?: number
    /** Length of the whole list; undefined if unknown. */
    readonly total?: number | undefined
    /** Whether more items follow these. */
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

/** @returns undefined if the argument is absent or empty */
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
