// What evaluations said of an answer.
import type { Score } from '../../data/llm-facts'
import { type Translate, useText } from '../../i18n'
import { MarkedText } from '../../parts/marked-text'

export function Scores({ scores }: { scores: readonly Score[] }) {
  const t = useText()
  if (scores.length === 0) return null
  return (
    <section>
      <h4>{t('llm.scores')}</h4>
      <ul class="scores">
        {scores.map((score, index) => (
          <li key={index} class={score.outcome === 'fail' || score.outcome === 'error' ? 'score bad-score' : 'score'}>
            <strong>
              <MarkedText short text={score.name} />
            </strong>{' '}
            {score.value !== undefined && <b>{score.value}</b>} {score.label && <MarkedText short text={score.label} />}{' '}
            {score.outcome && <span class="quiet">{score.outcome}</span>} <span class="quiet">{scaleOf(t, score)}</span>
            {score.evaluator && (
              <span class="quiet">
                {t('scores.by')} <MarkedText short text={score.evaluator} />
              </span>
            )}
            {score.explanation && (
              <p class="quiet">
                <MarkedText text={score.explanation} />
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** A number without its scale says nothing: 2 of 5 fails, 2 of 2 does not. */
function scaleOf(t: Translate, { min, max, threshold }: Score): string {
  return [
    ...(max === undefined ? [] : [min === undefined ? t('scores.most', { max }) : t('scores.scale', { min, max })]),
    ...(threshold === undefined ? [] : [t('scores.threshold', { threshold })]),
  ].join(', ')
}
