// The one `Health` of a process, whichever copy of our modules asks for it first: the preload's, or that of the app.
import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import { slot } from '../runtime'
import type { Check } from './check'
import { RecentCalls } from './checks/recent-calls'
import { Health } from './health'
import { measure } from './measure'

/** As `suppressTracing()` of @opentelemetry/core has it, whose other parts have no place in a Worker. */
const SUPPRESS_TRACING = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING')

export interface Surroundings {
  /** What the environment names; it is looked up once. */
  discover(calls: RecentCalls, health: Health): readonly Check[]
  /** A check of the app breaks its contract. */
  onProblem(problem: string): void
  readonly isolated: boolean
  /** Of this package, where it is known. */
  readonly version?: string
}

export function processHealth({ isolated, onProblem, version }: Omit<Surroundings, 'discover'>): Health {
  const here = slot()
  if (here.health) return here.health
  let ran: ReturnType<typeof measure> = () => {}
  const health = new Health({
    isolated,
    apart: work => context.with(ROOT_CONTEXT.setValue(SUPPRESS_TRACING, true), work),
    ran: (...run) => ran(...run),
    misbehaved: ({ name }, problem) => onProblem(`the check ${name} ${problem}; it counts as failed`),
  })
  here.health = health
  ran = measure(() => health, version)
  return health
}

/** The same, with the checks of what the environment names. */
export function discoveredHealth(surroundings: Surroundings): Health {
  const here = slot()
  const health = processHealth(surroundings)
  if (here.onCall) return health
  const calls = new RecentCalls()
  here.onCall = attributes => calls.add(attributes)
  for (const check of surroundings.discover(calls, health)) health.add(check)
  return health
}
