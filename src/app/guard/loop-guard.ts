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
import type { Admission, GuardedCall } from '../llm/observe/options'
import { type Doc, doc, parsed } from '../llm/wire/json'
import { AgentLoopError } from './errors'
import { FEWEST, type Repetition, repetitionIn } from './repetition'

/** Bytes of a request. To read a larger one takes longer than a turn of the event loop may. */
const LARGEST = 524_288
/** Messages, of which a loop needs no more. */
const RECENT = 128
/** Where the model spoke, in any protocol; a few more are found where a text quotes one, or a member is called so. */
const MODEL_SPOKE = /"(?:assistant|model|CHATBOT|function_call|custom_tool_call)"/g

export class LoopGuard {
  readonly #allowed: ReadonlySet<string>
  #counter: Counter | undefined

  constructor(
    private readonly stops: boolean,
    allowed: readonly string[],
    private readonly problem: (message: string) => void,
  ) {
    this.#allowed = new Set(allowed)
  }

  open(call: GuardedCall): LoopAdmission | undefined {
    try {
      const found = this.#find(call)
      if (!found) return undefined
      this.#count(call)
      return new LoopAdmission(found, this.stops, call.parsed.model)
    } catch (error) {
      // such as a document that is too deep; the call is sent
      this.problem(`a request could not be looked at for a loop (${reason(error)})`)
      return undefined
    }
  }

  #find({ body, reader }: GuardedCall): Repetition | undefined {
    if (body.length > LARGEST) return undefined
    const text = typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString()
    if ((text.match(MODEL_SPOKE)?.length ?? 0) < FEWEST) return undefined
    const document = doc(parsed(text))
    return document && repetitionIn(reader.input(recentOf(document)).messages, this.#allowed)
  }

  #count({ parsed, reader, provider }: GuardedCall): void {
    this.#counter ??= metrics
      .getMeter('@afn/otel/llm', version)
      .createCounter(METRIC_AFN_LLM_LOOPING_OPERATIONS, METRIC_OPTIONS_AFN_LLM_LOOPING_OPERATIONS)
    this.#counter.add(1, {
      [ATTR_GEN_AI_OPERATION_NAME]: parsed.operation ?? reader.operation,
      [ATTR_GEN_AI_PROVIDER_NAME]: provider,
      ...(parsed.model && { [ATTR_GEN_AI_REQUEST_MODEL]: parsed.model }),
      [ATTR_AFN_LLM_LOOP_STOPPED]: this.stops,
    })
  }
}

/** Every protocol has its messages in a list of the document; what else is in a list is of no matter here. */
const recentOf = (document: Doc): Doc =>
  Object.fromEntries(
    Object.entries(document).map(([name, value]) => [name, Array.isArray(value) ? value.slice(-RECENT) : value]),
  )

export class LoopAdmission implements Admission {
  readonly decision: Promise<Error | undefined>

  constructor(
    private readonly found: Repetition,
    readonly refuses: boolean,
    model: string | undefined,
  ) {
    this.decision = Promise.resolve(refuses ? new AgentLoopError({ ...found, model }) : undefined)
  }

  sent(): void {}

  ends(span: Parameters<Admission['ends']>[0]): void {
    span.setAttributes({
      [ATTR_AFN_LLM_LOOP_REPETITIONS]: this.found.repetitions,
      [ATTR_AFN_LLM_LOOP_TOOLS]: [...this.found.tools],
      [ATTR_AFN_LLM_LOOP_STOPPED]: this.refuses,
    })
  }
}
