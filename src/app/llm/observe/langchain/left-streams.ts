// Handles a graph stream that the app drops before its end. LangGraph then ends the underlying generator, and does not report the end of
// the run to its callbacks.
import { context, createContextKey } from '@opentelemetry/api'

const key = createContextKey('@afn/otel/langgraph')

/** The run of a LangGraph generator; its id is known once it has started. */
interface Streamed {
  runId?: string
  isLeft?: true
}

const active = (): Streamed | undefined => context.active().getValue(key) as Streamed | undefined

export type Iterate = (this: unknown, ...given: unknown[]) => AsyncGenerator

/** Called when a graph starts. The first graph that starts within a generator is the generator's own. */
export function nowStreams(runId: string): void {
  const streamed = active()
  if (streamed) streamed.runId ??= runId
}

/** Work in progress is then aborted, which is not a failure. */
export const isLeft = (): boolean => active()?.isLeft === true

/** @param left called with the id of a run whose stream the app drops */
export function endedWhenLeft(iterate: Iterate, left: (runId: string) => void): Iterate {
  return function (...given) {
    const generator = Reflect.apply(iterate, this, given) as AsyncGenerator
    const streamed: Streamed = {}
    const [next, end] = [generator.next.bind(generator), generator.return.bind(generator)]
    generator.next = (...sent) => context.with(context.active().setValue(key, streamed), next, undefined, ...sent)
    generator.return = async value => {
      streamed.isLeft = true
      try {
        return await end(value)
      } finally {
        if (streamed.runId !== undefined) left(streamed.runId)
      }
    }
    return generator
  }
}
