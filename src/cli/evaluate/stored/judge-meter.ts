// What judges cost: each request to a model is priced before it is sent, held to `--max-cost`, and settled by what its answer says.
import type { Attributes } from '@opentelemetry/api'
import { ATTR_SERVER_ADDRESS } from '@opentelemetry/semantic-conventions'
import {
  AFN_LLM_COST_SOURCE_VALUE_LOCAL,
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_INPUT,
  ATTR_AFN_LLM_COST_OUTPUT,
  ATTR_AFN_LLM_COST_PRICE_TABLE,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
} from '../../../../semconv'
import { EvaluationError } from '../../../app/evaluate/evaluator'
import { boundOf } from '../../../app/guard/bound'
import { requestedTier } from '../../../app/guard/requested-tier'
import { costOf } from '../../../app/guard/settlement'
import { worstPrice } from '../../../app/guard/worst-price'
import { anthropicMessages } from '../../../app/llm/providers/anthropic/messages'
import { openaiChat } from '../../../app/llm/providers/openai/chat'
import { protocolAt } from '../../../app/llm/providers/paths'
import { noHeader } from '../../../app/llm/providers/protocol'
import { providerOf } from '../../../app/llm/providers/providers'
import type { Price, PriceTable } from '../../../app/llm/report/cost/price-table'
import { createPricer } from '../../../app/llm/report/cost/pricer'
import { spanName } from '../../../app/llm/spans/operations'
import { type Usage, usageAttributes } from '../../../app/llm/usage'
import { parsed, text } from '../../../app/llm/wire/json'

/** A request to a model, as a span has it. */
export interface JudgeCall {
  readonly name: string
  /** Seconds since 1970. */
  readonly start: number
  readonly end: number
  readonly isFailed: boolean
  readonly attributes: Attributes
  /** USD; undefined where no price is known, or the model did not say what it used. */
  readonly cost: number | undefined
}

/** USD; undefined where no price is known. */
export interface Estimate {
  /** By a token for four characters, and a short answer. */
  readonly likely: number | undefined
  /** By a token for each byte, and an answer that is as long as it may be. */
  readonly most: number | undefined
}

/** A judge answers in a sentence or two. */
const LIKELY_OUTPUT = 150
const CHARACTERS_A_TOKEN = 4
/** The rest of `--max-cost` is not enough. */
export class OverCost extends EvaluationError {}

export class JudgeMeter {
  #spent = 0
  /** What requests under way may cost. */
  #open = 0
  #settled: (() => void)[] = []
  readonly #pricer: ReturnType<typeof createPricer>
  /** Why `--max-cost` can't be held. */
  problem: string | undefined

  constructor(
    private readonly table: PriceTable,
    private readonly maxCost: number,
    private readonly onCall: (call: JudgeCall) => void,
  ) {
    this.#pricer = createPricer({ load: () => table, onFailure: () => {} })
    this.#pricer.load()
  }

  /** What a judge asks with. @throws OverCost */
  readonly fetch: typeof fetch = async (input, init) => {
    const request = readRequest(input, init)
    const held = await this.#hold(request)
    const start = Date.now() / 1_000
    try {
      const response = await fetch(input, init)
      const body = await response.text()
      const { status, ok } = response
      const answer = ok ? parsed(body) : undefined
      this.#settle(request, { start, isFailed: !ok, answer, status, error: String(status) }, held)
      return new Response(body, { status, headers: response.headers })
    } catch (error) {
      const { name, cause } = error as Error
      const code = (cause as { readonly code?: unknown } | undefined)?.code
      this.#settle(request, { start, isFailed: true, answer: undefined, error: text(code) ?? name }, held)
      throw error
    } finally {
      this.#open -= held
      for (const resolve of this.#settled.splice(0)) resolve()
    }
  }

  estimate(input: Parameters<typeof fetch>[0], init: RequestInit | undefined): Estimate {
    const request = readRequest(input, init)
    return { likely: this.#likely(request), most: this.#most(request) }
  }

  /** @returns USD that it may cost, which are held now */
  async #hold(request: JudgeRequest): Promise<number> {
    if (this.maxCost === Number.POSITIVE_INFINITY) return 0
    const most = this.#most(request)
    if (most === undefined) {
      this.problem = `no price is known of ${request.model ?? 'the judge'}, so --max-cost can't be held; give its price in a file that AFN_PRICES names, or leave --max-cost out`
      throw new EvaluationError(this.problem)
    }
    // what is held for those under way is more than they will have cost
    while (this.#spent + this.#open + most > this.maxCost && this.#open > 0)
      await new Promise<void>(resolve => this.#settled.push(resolve))
    const isLimited = request.request?.attributes[ATTR_GEN_AI_REQUEST_MAX_TOKENS] !== undefined
    if (most > this.maxCost && !isLimited) {
      this.problem = `an answer of ${request.model} without a limit may cost USD ${most.toPrecision(2)}, more than --max-cost ${this.maxCost}; set max_completion_tokens (or max_tokens) in the evaluator's parameters, or raise --max-cost`
      throw new EvaluationError(this.problem)
    }
    if (this.#spent + most > this.maxCost) throw new OverCost('--max-cost is used up')
    this.#open += most
    return most
  }

  /** @param held USD, which count where nobody can tell what was charged */
  #settle(request: JudgeRequest, { start, isFailed, answer, status, error }: Answered, held: number): void {
    const said = answer === undefined ? undefined : request.protocol?.response(answer, noHeader)
    const price = said?.usage && this.#price(request, said.usage, said.model)
    const total = price && 'total' in price ? price : undefined
    this.#spent += total?.total ?? costOf(this.#pricer, { [ATTR_HTTP_RESPONSE_STATUS_CODE]: status, [ATTR_ERROR_TYPE]: error }, {}, 0) ?? held // biome-ignore format: one line
    this.onCall({
      name: spanName(request.operation, request.model),
      start,
      end: Date.now() / 1_000,
      isFailed,
      cost: total?.total,
      attributes: {
        [ATTR_GEN_AI_OPERATION_NAME]: request.operation,
        [ATTR_GEN_AI_PROVIDER_NAME]: request.provider,
        [ATTR_SERVER_ADDRESS]: request.url.hostname,
        ...(request.model !== undefined && { [ATTR_GEN_AI_REQUEST_MODEL]: request.model }),
        ...(said?.model !== undefined && { [ATTR_GEN_AI_RESPONSE_MODEL]: said.model }),
        ...(said?.id !== undefined && { [ATTR_GEN_AI_RESPONSE_ID]: said.id }),
        ...(said && { [ATTR_GEN_AI_RESPONSE_FINISH_REASONS]: said.finishReasons }),
        ...(said?.usage && usageAttributes(said.usage)),
        ...(total && costAttributes(total)),
        ...(isFailed && { [ATTR_ERROR_TYPE]: error }),
      },
    })
  }

  #price({ provider, model }: JudgeRequest, usage: Usage, answered: string | undefined) {
    const models = [answered, model].filter(name => name !== undefined)
    return this.table.price({ provider, models, usage, at: new Date() })
  }

  #likely(request: JudgeRequest): number | undefined {
    const input = Math.ceil(request.body.length / CHARACTERS_A_TOKEN)
    const price = this.#price(request, { input, output: LIKELY_OUTPUT }, undefined)
    return 'total' in price ? price.total : undefined
  }

  /** As a guard has it: without a limit in the request, the answer may be as long as the model can write. */
  #most({ protocolName, provider, url, request, model, body }: JudgeRequest): number | undefined {
    if (!protocolName || !request) return undefined
    const call = { protocol: protocolName, provider, url, parsed: request, body }
    const bound = boundOf(call)
    if ('problem' in bound) return undefined
    const asked = { provider, model, serverAddress: url.hostname, serviceTier: requestedTier(call) }
    const price = worstPrice(this.#pricer, asked, bound, new Date())
    return typeof price === 'number' ? price : undefined
  }
}

interface Answered {
  readonly start: number
  readonly isFailed: boolean
  readonly answer: unknown
  readonly status?: number
  readonly error: string
}

type JudgeRequest = ReturnType<typeof readRequest>

/** What judges speak. */
const protocols = { 'openai-chat': openaiChat, 'anthropic-messages': anthropicMessages } as const

function readRequest(input: Parameters<typeof fetch>[0], init: RequestInit | undefined) {
  const url = new URL(String(input))
  const body = String(init?.body ?? '')
  const found = protocolAt(url.pathname)
  const protocolName = found === 'openai-chat' || found === 'anthropic-messages' ? found : undefined
  const protocol = protocolName && protocols[protocolName]
  const request = protocol?.request(parsed(body), url, noHeader)
  return {
    url,
    body,
    protocolName,
    protocol,
    request,
    model: request?.model,
    operation: request?.operation ?? protocol?.operation ?? 'chat',
    provider: providerOf(url, request?.provider ?? protocol?.provider ?? 'unknown'),
  }
}

const costAttributes = ({ total, input, output, currency, table }: Price): Attributes => ({
  [ATTR_AFN_LLM_COST_TOTAL]: total,
  [ATTR_AFN_LLM_COST_INPUT]: input,
  [ATTR_AFN_LLM_COST_OUTPUT]: output,
  [ATTR_AFN_LLM_COST_CURRENCY]: currency,
  [ATTR_AFN_LLM_COST_SOURCE]: AFN_LLM_COST_SOURCE_VALUE_LOCAL,
  [ATTR_AFN_LLM_COST_PRICE_TABLE]: table,
})
