// What a span says of an LLM call, an agent, a tool or a retrieval: numbers first, then the messages.
import { count, duration } from '../../data/format'
import type { Limit, LlmCall } from '../../data/llm'
import type { LlmFacts } from '../../data/llm-facts'
import type { TurnNews } from '../../data/turns'
import { type Translate, useText } from '../../i18n'
import { Json } from '../../parts/json'
import { MarkedText } from '../../parts/marked-text'
import { Messages, PartView } from '../../parts/messages'
import { TurnMessages } from '../../parts/turn-messages'
import { ValueView } from '../../parts/value'
import { Scores } from './scores'
import { TokenBar } from './token-bar'

/** @param news of the messages against the calls before, where these are shown too */
export function LlmDetail({ facts, news }: { facts: LlmFacts; news?: TurnNews }) {
  const t = useText()
  const { call, system, input, output, tools, toolUse, retrieval, scores, guardrail, repetitions, settings } = facts
  const hasContent = system.length + input.length + output.length > 0 || toolUse || retrieval
  return (
    <div class="llm">
      <dl class="facts">
        {numbersOf(call, t).map(({ name, value, why }) => (
          <div key={name} title={why}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {guardrail && <p class="detail-error">{t('llm.guardrail')}</p>}
      {repetitions !== undefined && <p class="detail-error">{t('llm.loop', { n: repetitions })}</p>}
      {call.rollup && <p class="quiet">{t('llm.rollup')}</p>}
      {call.tokens && (
        <TokenBar tokens={call.tokens} cost={call.cost} isStream={call.streamed || call.streamEnd !== undefined} />
      )}
      <Scores scores={scores} />
      {news && (
        <section class="messages">
          <TurnMessages news={news} />
        </section>
      )}
      {!news && system.length > 0 && (
        <details class="message role-system" open={system.length === 1}>
          <summary>{t('role.system_instructions')}</summary>
          {system.map((part, index) => (
            <PartView key={index} part={part} />
          ))}
        </details>
      )}
      {!news && input.length > 0 && <Messages title={t('llm.input')} messages={input} />}
      {!news && output.length > 0 && <Messages title={t('llm.output')} messages={output} />}
      {toolUse && (
        <section>
          <h4>
            {t('llm.tool')} <MarkedText short text={toolUse.name} />
          </h4>
          {toolUse.args !== undefined && <Labelled label={t('llm.arguments')} value={toolUse.args} />}
          {toolUse.result !== undefined && <Labelled label={t('llm.result')} value={toolUse.result} />}
        </section>
      )}
      {retrieval && (
        <section>
          <h4>{t('llm.retrieval')}</h4>
          {retrieval.query !== undefined && <MarkedText text={retrieval.query} />}
          {retrieval.documents !== undefined && <Labelled label={t('llm.documents')} value={retrieval.documents} />}
        </section>
      )}
      {!hasContent && call.tokens && call.operation !== 'embeddings' && (
        <p class="quiet no-content">{t('llm.no_content')}</p>
      )}
      {tools !== undefined && (
        <details>
          <summary>{t('llm.tools')}</summary>
          <Json value={tools} open={false} />
        </details>
      )}
      {settings.length > 0 && (
        <details>
          <summary>{t('llm.settings')}</summary>
          <table class="attributes">
            <tbody>
              {settings.map(({ key, value }) => (
                <tr key={key}>
                  <th scope="row">{key.replace('gen_ai.request.', '')}</th>
                  <td>
                    <ValueView value={value} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </div>
  )
}

function Labelled({ label, value }: { label: string; value: unknown }) {
  return (
    <div class="labelled">
      <span class="quiet">{label}</span>
      {typeof value === 'string' ? <MarkedText text={value} /> : <Json value={value} />}
    </div>
  )
}

interface Fact {
  readonly name: string
  readonly value: string | undefined
  /** What to know about it. */
  readonly why?: string | undefined
}

function numbersOf(call: LlmCall, t: Translate): Fact[] {
  const facts: Fact[] = [
    { name: t('llm.operation'), value: call.operation },
    { name: t('llm.provider'), value: call.provider },
    { name: t('llm.model'), value: call.model, why: call.askedModel === call.model ? undefined : call.askedModel },
    { name: t('llm.ttft'), value: call.ttftSeconds === undefined ? undefined : duration(call.ttftSeconds * 1e9) },
    { name: t('llm.rate'), value: call.tokensPerSecond?.toFixed(1), why: t('llm.rate_why') },
    { name: t('llm.finish'), value: call.finishReasons.join(', ') || undefined },
    { name: t('llm.stream_end'), value: call.streamEnd },
    { name: t('llm.prompt'), value: call.prompt },
    { name: t('llm.attempt'), value: call.attempt === 1 ? undefined : call.attempt?.toString() },
    { name: t('llm.requests_left'), value: limitText(call.limits.requests) },
    { name: t('llm.tokens_left'), value: limitText(call.limits.tokens) },
    {
      name: t('column.cost'),
      value: call.unpriced && t(call.unpriced === 'no_usage' ? 'cost.no_usage' : 'cost.unpriced'),
      why: call.unpriced && t(`unpriced.${call.unpriced}`, { n: 1 }),
    },
  ]
  return facts.filter(({ value }) => value !== undefined)
}

function limitText(limit: Limit | undefined): string | undefined {
  return limit && `${count(limit.left)} / ${count(limit.of)}`
}
