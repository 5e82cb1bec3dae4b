// What the generator knows of a framework: what functions of an app do in it, and how a tree is written down.
import type { App, Step } from './model'
import { errors } from './model'
import type { Pattern } from './patterns'

export interface Framework {
  readonly name: string
  /** Statements by name, the most ordinary first. `kit` and the parameters are in scope; with `await` the function is async. */
  readonly answers: Readonly<Record<string, string>>
  readonly passes: Readonly<Record<string, string>>
  /** `ERROR` stands for what is thrown. */
  readonly fails: Readonly<Record<string, string>>
  /** Whole functions or statements that deal with errors. */
  readonly catches: Readonly<Record<string, string>>
  readonly mounts: readonly string[]
  readonly hasPathLists: boolean
  /** A pattern as source, where the router has it. */
  pattern(pattern: Pattern): string | undefined
  /** The body of a function of `kit` that returns a server of node:http, or a promise of one. */
  source(app: App): string
}

/** The statements of a step. */
export function statements(framework: Framework, { does, how, error }: Step): string {
  const table = { answer: framework.answers, pass: framework.passes, fail: framework.fails }[does]
  return table[how]!.replace('ERROR', error === undefined ? '' : errors[error]!)
}

/** A function with these parameters. */
export function func(parameters: string, body: string): string {
  return `${/\bawait\b|^async;/.test(body) ? 'async ' : ''}(${parameters}) => { ${body.replace(/^async;\s*/, '')} }`
}

/** Names for the routers of one source. */
export function names(): (stem: string) => string {
  let last = 0
  return stem => `${stem}${++last}`
}
