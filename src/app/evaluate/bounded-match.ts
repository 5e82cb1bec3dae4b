// Expressions that others wrote, on texts that others wrote. JavaScript's backtrack, some of them for years; a timeout of V8's ends that,
// whatever the expression is.
import { createContext, Script } from 'node:vm'
import { EvaluationError } from './evaluator'

/** Milliseconds of one expression on one text: a turn of the event loop has ten. */
const LONGEST = 5
/** On a machine with too little time for all, the timeout may be over before anything has run. */
const ATTEMPTS = 10
/** CPU is counted of the whole process, where other threads may be busy: one slow attempt is no proof, two are all that a turn has. */
const PROOFS = 2
/** Characters on which no expression that somebody writes is slow: the time of nested repetitions doubles with each character. */
const SHORT = 8

interface Machine {
  readonly script: Script
  readonly context: { pattern?: RegExp; text?: string }
}

let machine: Machine | undefined

/** Makes what the first match would need, which takes longer than a match may. */
export function prepare(): Machine {
  if (machine) return machine
  const context: Machine['context'] = createContext(Object.create(null) as object)
  machine = { script: new Script('pattern.test(text)'), context }
  context.pattern = /x/
  context.text = ''
  machine.script.runInContext(context)
  return machine
}

/** @throws EvaluationError where it takes too long */
export function matches(pattern: RegExp, text: string): boolean {
  if (text.length <= SHORT) return pattern.test(text)
  const { script, context } = prepare()
  context.pattern = pattern
  context.text = text
  try {
    for (let attempt = 1, slow = 0; ; attempt++) {
      const before = process.cpuUsage()
      try {
        return script.runInContext(context, { timeout: LONGEST }) as boolean
      } catch {
        const { user, system } = process.cpuUsage(before)
        if (user + system >= (LONGEST * 1_000) / 2) slow++
        if (attempt < ATTEMPTS && slow < PROOFS) continue
        throw new EvaluationError(
          `the expression ${pattern} takes more than ${LONGEST} ms on a text of ${text.length} characters; give its repetitions a bound`,
        )
      }
    }
  } finally {
    context.text = ''
  }
}
