// Why a trace is kept, and until when.
import type { TraceSummary } from '../../../api/answers'
import { dateTime, relative } from '../../data/format'
import { usePreferences } from '../../i18n'
import { reasonText, Tier } from '../../parts/badges'

/** An entry of the list of facts. */
export function KeptLine({ whole }: { whole: TraceSummary }) {
  const { t, language } = usePreferences()
  const { tier, reason, keptUntil, policies } = whole
  const all = policies.length > 0 ? policies : [reason]
  return (
    <div class="kept">
      <dt>{t('kept.title')}</dt>
      <dd>
        <Tier tier={tier} reason={reason} />{' '}
        <span>
          {all.map(policy => reasonText(t, policy)).join(t('list.comma'))}
          {' · '}
          <time title={dateTime(keptUntil, language)}>
            {t('kept.until', { time: dateTime(keptUntil, language), relative: relative(keptUntil, language) })}
          </time>
        </span>
      </dd>
    </div>
  )
}
