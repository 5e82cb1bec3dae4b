// Why a trace is kept, and until when.
import type { Kept } from '../../local/api/answers'
import { dateTime, relative } from '../data/format'
import { useAnswer } from '../data/use-answer'
import { usePreferences } from '../i18n'
import { reasonText, Tier } from './badges'

/** An entry of the list of facts; empty where the server doesn't know. */
export function KeptLine({ traceId }: { traceId: string }) {
  const { t, language } = usePreferences()
  const { data } = useAnswer<Kept>(`api/afn/traces/${encodeURIComponent(traceId)}`)
  if (!data) return null
  const { tier, reason, keptUntil, policies } = data
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
