// A stream of a graph that the app leaves before its end. LangGraph then ends the generator behind it, and tells its callbacks nothing
// more of the graph's run.
import { context, createContextKey } from '@opentelemetry/api'

const key = createContextKey('@afn/otel/langgraph')

/** What a generator of LangGraph runs; the id is known once it has begun. */
interface Streamed {
  runId?: string
  isLeft?: true
}

const active = (): Streamed | undefined => context.active().getValue(key) as Streamed | undefined

export type Iterate = (this: unknown, ...given: unknown[]) => AsyncGenerator

/** Called as a graph begins: the first one within a generator is the generator's own. */
export function nowStreams(runId: string): void {
  const streamed = active()
  if (streamed) streamed.runId ??= runId
}

/** What is still at work is aborted then, which is no failure of it. */
export const isLeft = (): boolean => active()?.isLeft === true

/** @param left called with the id of a run whose stream is left */
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
