// Looks at each request of an agent for a loop: counts it, writes it onto the call's span, and refuses the call where that is wanted.
import { type Counter, metrics } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_LOOP_REPETITIONS,
  ATTR_AFN_LLM_LOOP_STOPPED,
  ATTR_AFN_LLM_LOOP_TOOLS,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  METRIC_AFN_LLM_LOOPING_OPERATIONS,
  METRIC_OPTIONS_AFN_LLM_LOOPING_OPERATIONS,
} from '../../../semconv'
import { reason } from '../../shared/diag/report'
import { version } from '../../shared/version'
import { InPieces } from '../in-pieces'
import type { Admission, GuardedCall } from '../llm/observe/options'
import type { Doc } from '../llm/wire/json'
import { AgentLoopError } from './errors'
import { KeptHistories, keepsHistory } from './kept-histories'
import { mayGoFurtherBack, type Repetition, type Run, repetitionOf, runOf } from './repetition'
import { listToReadBack, readBack, wholeRequest } from './request-history'
import { stepsOf } from './steps'

export class LoopGuard {
  readonly #allowed: ReadonlySet<string>
  readonly #histories = new KeptHistories()
  #counter: Counter | undefined

  constructor(
    private readonly stops: boolean,
    allowed: readonly string[],
    private readonly problem: (message: string) => void,
  ) {
    this.#allowed = new Set(allowed)
  }

  /** @param isHeld whether the call can be refused */
  open(call: GuardedCall, isHeld: boolean): LoopAdmission | undefined {
    const stops = this.stops && isHeld
    try {
      const looked = this.#look(call)
      if (!looked) return undefined
      const isRemembered = looked instanceof Promise ? keepsHistory(call) : looked.answered !== undefined
      if (!(looked instanceof Promise || looked.found || isRemembered)) return undefined
      const known = looked instanceof Promise ? looked.catch(error => this.#failed(error)) : looked
      const decide = (found: Repetition) => {
        this.#count(call, stops)
        return stops ? new AgentLoopError({ ...found, model: call.parsed.model }) : undefined
      }
      return new LoopAdmission(known, isRemembered, decide)
    } catch (error) {
      return this.#failed(error)
    }
  }

  /** An answer that was still to come when its call ended. */
  fetched(of: Pick<GuardedCall, 'protocol' | 'reader' | 'url'>, answer: unknown): void {
    if (keepsHistory(of)) this.#remember(() => this.#histories.fetched(of.url, answer, of.reader.output(answer)))
  }

  #look(call: GuardedCall): Looked | Promise<Looked> | undefined {
    const list = listToReadBack(call)
    if (list) {
      const isEnough = ({ run, steps }: Looked) => !mayGoFurtherBack(run, steps)
      return readBack(call, list, request => this.#lookAt(call, request), isEnough)
    }
    const request = wholeRequest(call, keepsHistory(call))
    return request && new InPieces(() => this.#lookAt(call, request)).whole
  }

  *#lookAt(call: GuardedCall, asked: Doc): Generator<undefined, Looked> {
    const { reader } = call
    const kept = this.#histories.of(call, asked)
    const { messages } = reader.input(kept?.request ?? asked)
    const steps = stepsOf([...(kept?.before ?? []), ...messages])
    const run = yield* runOf(steps, this.#allowed, kept?.run)
    return {
      run,
      steps: steps.length,
      found: repetitionOf(run),
      answered: kept && (answer => this.#remember(() => kept.answered(answer, reader.output(answer), run))),
    }
  }

  #remember(answered: () => void): void {
    try {
      answered()
    } catch (error) {
      this.problem(`an answer could not be remembered (${reason(error)})`)
    }
  }

  /** Such as by a document that is too deep; the call is sent. */
  #failed(error: unknown): undefined {
    this.problem(`a request could not be looked at for a loop (${reason(error)})`)
  }

  #count({ parsed, reader, provider }: GuardedCall, isStopped: boolean): void {
    this.#counter ??= metrics
      .getMeter('@afn/otel/llm', version)
      .createCounter(METRIC_AFN_LLM_LOOPING_OPERATIONS, METRIC_OPTIONS_AFN_LLM_LOOPING_OPERATIONS)
    this.#counter.add(1, {
      [ATTR_GEN_AI_OPERATION_NAME]: parsed.operation ?? reader.operation,
      [ATTR_GEN_AI_PROVIDER_NAME]: provider,
      ...(parsed.model && { [ATTR_GEN_AI_REQUEST_MODEL]: parsed.model }),
      [ATTR_AFN_LLM_LOOP_STOPPED]: isStopped,
    })
  }
}

interface Looked {
  readonly run: Run
  /** Of the request. */
  readonly steps: number
  readonly found: Repetition | undefined
  readonly answered: Admission['answered']
}

export class LoopAdmission implements Admission {
  readonly decision: Promise<Error | undefined>
  readonly answered: Admission['answered']
  #looked: Looked | undefined
  #refusal: Error | undefined

  /**
   * @param isRemembered a later request may go on from the answer
   * @param decide counts a loop, and says whether it is refused
   */
  constructor(
    looked: Looked | Promise<Looked | undefined>,
    isRemembered: boolean,
    private readonly decide: (found: Repetition) => Error | undefined,
  ) {
    this.answered = isRemembered ? answer => this.#looked?.answered?.(answer) : undefined
    this.decision =
      looked instanceof Promise ? looked.then(known => this.#decided(known)) : Promise.resolve(this.#decided(looked))
  }

  /** Known already, unless the request is large. */
  get refuses(): boolean {
    return this.#refusal !== undefined
  }

  sent(): void {}

  ends(span: Parameters<Admission['ends']>[0]): void {
    const found = this.#looked?.found
    if (!found) return
    span.setAttributes({
      [ATTR_AFN_LLM_LOOP_REPETITIONS]: found.repetitions,
      [ATTR_AFN_LLM_LOOP_TOOLS]: [...found.tools],
      [ATTR_AFN_LLM_LOOP_STOPPED]: this.refuses,
    })
  }

  #decided(looked: Looked | undefined): Error | undefined {
    this.#looked = looked
    this.#refusal = looked?.found && this.decide(looked.found)
    return this.#refusal
  }
}
