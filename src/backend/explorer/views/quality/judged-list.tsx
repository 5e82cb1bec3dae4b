// The answers that evaluations judged worst, in pages, with the prompt, the answer, and its cost.
import { useEffect, useRef } from 'preact/hooks'
import type { JudgedAnswer, JudgedAnswers } from '../../../api/quality-answers'
import { count } from '../../data/format'
import { usePages } from '../../data/use-pages'
import { useText } from '../../i18n'
import { Service } from '../../parts/badges'
import { Cost } from '../../parts/cost'
import { MarkedText } from '../../parts/marked-text'
import { Failure, Loading } from '../../parts/state'
import { TimeOfSeconds } from '../../parts/time'
import { useRowKeys } from '../../parts/use-row-keys'
import type { TimeRange } from '../../range'
import { changed, href, type Route, rangeOf } from '../../route'

const FILTERS = ['evaluation', 'evaluator', 'evaluator_type', 'scale', 'source', 'model', 'prompt', 'version'] as const
/** The filters that the page names; the others belong to the evaluation. */
const SHOWN = ['evaluation', 'evaluator', 'model', 'prompt', 'version'] as const

export function JudgedList({ route, range, round }: { route: Route; range: TimeRange; round: number }) {
  const t = useText()
  const list = useRef<HTMLOListElement>(null)
  const filter = Object.fromEntries(FILTERS.map(name => [name, route.params.get(name) || undefined]))
  const service = route.params.get('service') ?? undefined
  const { answers, error, loading, complete, more } = usePages<JudgedAnswers>(
    'api/afn/quality/answers',
    { ...range, service, ...filter, limit: 50 },
    round,
  )
  const rows = answers.flatMap(page => page.answers)
  const link = ({ traceId, spanId }: JudgedAnswer) =>
    traceId === null ? location.hash : href(['trace', traceId], { ...rangeOf(route), span: spanId ?? undefined })
  const keyOf = ({ traceId, spanId, evaluation, evaluator, time }: JudgedAnswer) =>
    [traceId, spanId, evaluation, evaluator.name, time].join(' ')
  const at = useRowKeys(rows, keyOf, link, index => list.current?.children[index]?.scrollIntoView({ block: 'nearest' }))
  const { total = 0, unranked = 0 } = answers[0] ?? {}
  const isFiltered = FILTERS.some(name => filter[name])
  // who chooses a group in a table above wants to see its answers
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!isFiltered) return
    title.current?.scrollIntoView()
    title.current?.focus({ preventScroll: true })
  }, [JSON.stringify(filter)])
  return (
    <section class="judged">
      <h2 ref={title} tabIndex={-1}>
        {t('quality.worst')}
      </h2>
      {isFiltered && (
        <p class="judged-filter">
          {SHOWN.flatMap(name => (filter[name] ? [filter[name]] : [])).map(text => (
            <span key={text} class="kind">
              <MarkedText short text={text} />
            </span>
          ))}{' '}
          <a href={changed(route, Object.fromEntries(FILTERS.map(name => [name, undefined])))}>
            {t('quality.unfilter')}
          </a>
        </p>
      )}
      {unranked > 0 && <p class="quiet">{t('quality.unranked', { n: count(unranked) })}</p>}
      {rows.length === 0 && !loading && !error && <p class="quiet">{t('panel.empty')}</p>}
      <ol ref={list} aria-label={t('quality.worst')}>
        {rows.map((answer, index) => (
          <li key={index} class={index === at ? 'judged-answer selected' : 'judged-answer'}>
            <Judged answer={answer} link={answer.traceId === null ? undefined : link(answer)} />
          </li>
        ))}
      </ol>
      {error && <Failure error={error} again={more} />}
      {loading && <Loading />}
      {rows.length > 0 && !error && !loading && (
        <p class="cut">
          {t('quality.shown', { n: count(rows.length), all: count(total) })}{' '}
          {!complete && (
            <button type="button" onClick={more}>
              {t('quality.more')}
            </button>
          )}
        </p>
      )}
    </section>
  )
}

function Judged({ answer, link }: { answer: JudgedAnswer; link: string | undefined }) {
  const t = useText()
  const { score, verdict, evaluation, label, model, promptName, promptVersion, prompt, explanation } = answer
  const version = [promptName, promptVersion].filter(part => part !== null).join(' ')
  return (
    <>
      <p class="judged-line">
        <b class={verdict === 'fail' ? 'judged-score bad' : 'judged-score'}>
          {score === null ? t(`quality.verdict.${verdict}`) : Number(score.toPrecision(3))}
        </b>
        <strong>
          <MarkedText short text={evaluation} />
        </strong>
        {score !== null && verdict !== 'unrated' && <span class="quiet">{t(`quality.verdict.${verdict}`)}</span>}
        {label && <MarkedText short text={label} />}
        {link ? <a href={link}>{t('quality.open')}</a> : <span class="quiet">{t('quality.no_trace')}</span>}
        {model && <bdi>{model}</bdi>}
        {version && <MarkedText short text={version} />}
        <Cost {...answer} />
        <Service name={answer.service} />
        <span class="quiet">
          <TimeOfSeconds seconds={answer.time} />
        </span>
      </p>
      {prompt && <Said name={t('role.user')} text={prompt} />}
      {answer.answer && <Said name={t('role.assistant')} text={answer.answer} />}
      {explanation && <Said name={t('quality.explanation')} text={explanation} />}
    </>
  )
}

function Said({ name, text }: { name: string; text: string }) {
  return (
    <p class="judged-said">
      <span class="quiet">{name}</span> <MarkedText text={text} />
    </p>
  )
}
