// How far evaluators agree with people, in a table. It is not there where no answer has a verdict of both.
import type { Agreement, AgreementAnswer, AgreementCounts } from '../../../api/quality-answers'
import { url } from '../../data/client'
import { count, percent } from '../../data/format'
import { useAnswer } from '../../data/use-answer'
import { useText } from '../../i18n'
import { MarkedText } from '../../parts/marked-text'
import { Failure } from '../../parts/state'
import type { TimeRange } from '../../range'
import { boundsText, evaluatorTypeText, partName, Small, three } from './figures'

const COLUMNS = ['human', 'pairs', 'agreed', 'kappa', 'finding'] as const
const NUMBERS: ReadonlySet<string> = new Set(['pairs', 'agreed', 'kappa'])

export interface AgreementPanelProps {
  readonly service: string | undefined
  /** Dimensions of the API. */
  readonly by: string
  readonly range: TimeRange
  readonly round: number
  again(): void
}

export function AgreementPanel({ service, by, range, round, again }: AgreementPanelProps) {
  const t = useText()
  const { data, error } = useAnswer<AgreementAnswer>(url('api/afn/quality/agreement', { ...range, service, by }), round)
  if (error) return <Failure error={error} again={again} />
  if (!data || data.agreements.length === 0) return null
  return (
    <section class="panel quality-agreement">
      <h2>{t('quality.agreement')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: on a narrow screen it scrolls, which a keyboard has to reach */}
      <section class="wide-table" tabIndex={0} aria-label={t('quality.agreement')}>
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">{t('quality.agreement.evaluator')}</th>
              {COLUMNS.map(name => (
                <th key={name} scope="col" class={NUMBERS.has(name) ? 'number' : undefined}>
                  {t(`quality.agreement.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.agreements.map(agreement => (
              <Rows key={keyOf(agreement)} agreement={agreement} />
            ))}
          </tbody>
        </table>
      </section>
      {data.total > data.agreements.length && (
        <p class="cut">{t('quality.agreement.cut', { n: count(data.agreements.length), all: count(data.total) })}</p>
      )}
      <p class="quiet quality-how">{t('quality.agreement.how')}</p>
    </section>
  )
}

const keyOf = ({ evaluation, evaluator, humanEvaluation }: Agreement): string =>
  JSON.stringify([evaluation, evaluator.name, evaluator.type, humanEvaluation])

/** Of all answers, and below it of those of each model or prompt version. */
function Rows({ agreement }: { agreement: Agreement }) {
  const t = useText()
  const { evaluation, evaluator, humanEvaluation, parts } = agreement
  const judge = [evaluator.type && evaluatorTypeText(t, evaluator.type), evaluator.name].filter(Boolean).join(' · ')
  return (
    <>
      <tr>
        <th scope="row">
          <MarkedText short text={evaluation} />
          <Small>
            <MarkedText short text={judge} />
          </Small>
        </th>
        <td>
          <MarkedText short text={humanEvaluation} />
        </td>
        <Figures counts={agreement} />
      </tr>
      {parts.map(part => (
        <tr key={partName(t, part)} class="quality-part">
          <th scope="row">
            <MarkedText short text={partName(t, part)} />
          </th>
          <td />
          <Figures counts={part} />
        </tr>
      ))}
    </>
  )
}

function Figures({ counts }: { counts: AgreementCounts }) {
  const t = useText()
  const { pairs, bothPassed, bothFailed, kappa } = counts
  const agreed = bothPassed + bothFailed
  return (
    <>
      <td class="number">{count(pairs)}</td>
      <td class="number">
        {percent(agreed, pairs)}
        <Small>{t('quality.of', { n: count(agreed), of: count(pairs) })}</Small>
      </td>
      <td class="number">
        {'value' in kappa ? (
          <>
            <b>{three(kappa.value)}</b>
            <Small>{boundsText(t, kappa, three)}</Small>
          </>
        ) : (
          '–'
        )}
      </td>
      <td>
        {'value' in kappa ? (
          <span class={kappa.isBetterThanChance ? undefined : 'bad'}>
            {t(kappa.isBetterThanChance ? 'quality.agreement.better' : 'quality.agreement.chance')}
          </span>
        ) : (
          <span class="quiet">{t(`quality.agreement.${kappa.none}`)}</span>
        )}
      </td>
    </>
  )
}
