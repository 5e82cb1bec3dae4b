// Makes spans from Claude Code's stdout, which has one JSON message per line: a turn of the agent, its tools, and one call per model with
// the usage of all its calls in the turn. Usage in messages of single answers is not used, because it is from the start of the answer.
// Follows the types of @anthropic-ai/claude-agent-sdk 0.3.332.
import type { Readable } from 'node:stream'
import { type Context, context, type Span, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api'
import {
  AFN_LLM_USAGE_SOURCE_VALUE_PROVIDER,
  ATTR_AFN_LLM_USAGE_SOURCE,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_SKILL_NAME,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
} from '../../../../../semconv'
import { version } from '../../../../shared/version'
import { contentOf } from '../../bounded-content'
import { outputAttributes } from '../../content'
import { textMessages } from '../../messages'
import { fail } from '../../spans/failure'
import { spanName } from '../../spans/operations'
import { amount, type Doc, doc, docs, number, readJson, text } from '../../wire/json'
import type { Fields } from '../../wire/json-reader'
import { LineReader } from '../../wire/lines'
import { hooks } from '../hook'
import { MAX_STRING } from '../response'
import { answerAttributes } from '../response-attributes'
import { grownBy, providerOf, usageOf } from './model-usage'

export interface ClaudeCodeOptions {
  /** `off` records no arguments and no results. Otherwise redaction happens later. */
  readonly captureContent: 'off' | 'redacted' | 'full'
  /** Reports a failure of our own, which has not reached the app. */
  onFailure(error: unknown, where: string): void
}

const part: Fields = { type: true, id: true, name: true, input: { skill: true }, tool_use_id: true, is_error: true }
/** The fields of a message that are read. */
const fields: Fields = {
  type: true,
  subtype: true,
  session_id: true,
  model: true,
  claude_code_version: true,
  parent_tool_use_id: true,
  message: { content: { '*': part } },
  is_error: true,
  api_error_status: true,
  errors: true,
  modelUsage: true,
  model_usage_since_last_result: true,
}
const contentFields: Fields = {
  ...fields,
  message: { content: { '*': true } },
  result: true,
}

/** Chunks of answers. They contain nothing that is needed here, and are most of the messages. */
const PIECE = Buffer.from('{"type":"stream_event"')

const AGENT_NAME = 'Claude Code'

/** @param stdout of the child; the app reads it */
export function followClaudeCode(stdout: Readable, options: ClaudeCodeOptions): void {
  outputs.hook(stdout, new Session(options))
}

/** Whichever way a stream is read, each chunk is emitted as `data` at the moment its reader receives it. */
const outputs = hooks<Session, Readable>({
  emit(session, native, [event, argument], stdout) {
    if (event === 'data') session.guard(() => session.read(argument, stdout.readableEncoding))
    else if (event === 'end' || event === 'close') session.guard(() => session.over())
    return native()
  },
})

interface Turn {
  readonly span: Span
  readonly context: Context
  readonly content: boolean
  readonly startedAt: number
  readonly tools: Map<unknown, { readonly span: Span; readonly context: Context }>
}

class Session {
  readonly #tracer = trace.getTracer('@afn/otel/claude-code', version)
  readonly #outside = context.active()
  readonly #lines = new LineReader((data, from, to) => this.#line(data, from, to))
  readonly #fields: Fields
  /** Start time of the next turn. */
  #since = Date.now()
  #turn: Turn | undefined
  /** Totals of the whole session, for versions that report nothing else. */
  #totals: Doc = {}

  constructor(private readonly options: ClaudeCodeOptions) {
    this.#fields = options.captureContent === 'off' ? fields : contentFields
  }

  guard(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.options.onFailure(error, 'child_process')
    }
  }

  read(chunk: unknown, encoding: BufferEncoding | null): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding ?? 'utf8') : chunk
    if (bytes instanceof Uint8Array) this.#lines.push(bytes)
  }

  /** The child has exited or its output is no longer read. A turn that was interrupted has no result. */
  over(): void {
    this.#lines.end()
    this.#end()
  }

  #line(data: Buffer, from: number, to: number): void {
    if (data.compare(PIECE, 0, PIECE.length, from, Math.min(to, from + PIECE.length)) === 0) return
    const message = doc(readJson(data.subarray(from, to), this.#fields, MAX_STRING))
    const parts = docs(doc(message?.message)?.content)
    if (message?.type === 'system' && message.subtype === 'init') this.#begin(message)
    else if (!this.#turn || !message) return
    else if (message.type === 'assistant') this.#called(this.#turn, message, parts)
    else if (message.type === 'user') this.#answered(this.#turn, parts)
    else if (message.type === 'result') this.#result(this.#turn, message)
  }

  /** Handles the first message of every turn. Other tools that write this format have no such version. */
  #begin({ claude_code_version: isClaude, session_id, model }: Doc): void {
    if (!isClaude || this.#turn) return
    const span = this.#tracer.startSpan(
      spanName(GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT, AGENT_NAME),
      {
        kind: SpanKind.CLIENT,
        startTime: this.#since,
        attributes: {
          [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
          [ATTR_GEN_AI_AGENT_NAME]: AGENT_NAME,
          [ATTR_GEN_AI_CONVERSATION_ID]: text(session_id),
          [ATTR_GEN_AI_REQUEST_MODEL]: text(model),
        },
      },
      this.#outside,
    )
    const isSampled = (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0
    this.#turn = {
      span,
      context: trace.setSpan(this.#outside, span),
      content: isSampled && this.options.captureContent !== 'off',
      startedAt: this.#since,
      tools: new Map(),
    }
  }

  /** Tools run in the child, or in a subagent, which is itself a tool. */
  #called({ context, content, tools }: Turn, { parent_tool_use_id: above }: Doc, parts: Doc[]): void {
    for (const part of parts) {
      if (part.type !== 'tool_use' || tools.has(part.id)) continue
      const parent = tools.get(above)?.context ?? context
      const name = text(part.name)
      const attributes = {
        [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
        [ATTR_GEN_AI_TOOL_NAME]: name,
        [ATTR_GEN_AI_SKILL_NAME]: name === 'Skill' ? text(doc(part.input)?.skill) : undefined,
        [ATTR_GEN_AI_TOOL_CALL_ID]: text(part.id),
        [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: content ? contentOf(part.input) : undefined,
      }
      const span = this.#tracer.startSpan(
        spanName(GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL, name),
        { attributes },
        parent,
      )
      tools.set(part.id, { span, context: trace.setSpan(parent, span) })
    }
  }

  #answered({ content, tools }: Turn, parts: Doc[]): void {
    for (const part of parts) {
      const tool = part.type === 'tool_result' ? tools.get(part.tool_use_id)?.span : undefined
      if (!tool) continue
      if (content) tool.setAttribute(ATTR_GEN_AI_TOOL_CALL_RESULT, contentOf(part.content) ?? '')
      if (part.is_error === true) fail(tool, text(part.content) ?? 'The tool failed')
      tool.end()
    }
  }

  #result(turn: Turn, result: Doc): void {
    for (const [model, counts] of Object.entries(this.#usedIn(result))) this.#call(turn, model, doc(counts) ?? {})
    if (result.is_error === true) {
      const status = number(result.api_error_status)
      turn.span.setAttribute(ATTR_ERROR_TYPE, status?.toString() ?? text(result.subtype) ?? '_OTHER')
      const message = text([result.errors].flat()[0])
      turn.span.setStatus({ code: SpanStatusCode.ERROR, ...(message && { message: message.slice(0, 512) }) })
    }
    if (turn.content) turn.span.setAttributes(outputAttributes(textMessages('assistant', result.result)))
    this.#end()
  }

  /** Usage by model since the last result: totals grow from turn to turn until they are cleared. */
  #usedIn(result: Doc): Doc {
    const totals = doc(result.modelUsage) ?? {}
    const before = this.#totals
    this.#totals = totals
    return doc(result.model_usage_since_last_result) ?? grownBy(totals, before)
  }

  #call({ context, startedAt }: Turn, model: string, counts: Doc): void {
    const usage = usageOf(counts)
    if (!usage.input && !usage.output) return
    const cost = counts.costBasis === 'unknown' ? undefined : amount(counts.costUSD) // else a guess
    this.#tracer
      .startSpan(
        spanName(GEN_AI_OPERATION_NAME_VALUE_CHAT, model),
        {
          kind: SpanKind.CLIENT,
          startTime: startedAt,
          attributes: {
            [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_CHAT,
            [ATTR_GEN_AI_PROVIDER_NAME]: providerOf(counts),
            [ATTR_GEN_AI_REQUEST_MODEL]: model,
            [ATTR_AFN_LLM_USAGE_SOURCE]: AFN_LLM_USAGE_SOURCE_VALUE_PROVIDER,
            ...answerAttributes({
              model: text(counts.canonicalModel) ?? model,
              finishReasons: [],
              usage,
              cost: cost === undefined ? undefined : { total: cost },
            }),
          },
        },
        context,
      )
      .end()
  }

  #end(): void {
    if (!this.#turn) return
    for (const { span } of this.#turn.tools.values()) if (span.isRecording()) span.end()
    this.#turn.span.end()
    this.#turn = undefined
    this.#since = Date.now()
  }
}
