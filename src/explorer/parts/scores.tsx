// What evaluations said of an answer.
import type { Score } from '../data/llm-facts'
import { useText } from '../i18n'
import { MarkedText } from './marked-text'

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
            {score.outcome && <span class="quiet">{score.outcome}</span>}
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
