// What to do when nothing has been sent yet. The address is the one at which this server takes OTLP.
import type { Stats } from '../../api/answers'
import { useAnswer } from '../data/use-answer'
import { useText } from '../i18n'
import { Copy } from './copy'

export function Newcomer() {
  const t = useText()
  const { data } = useAnswer<Stats>('api/afn/stats')
  const otlp = data?.otlp
  if (!otlp) return null
  const command = `OTEL_EXPORTER_OTLP_ENDPOINT=${otlp} node --require @afn/otel app.js`
  return (
    <div class="newcomer">
      <p>{t('newcomer.how')}</p>
      <pre class="command">
        <code>{command}</code>
        <Copy text={command} />
      </pre>
      <p class="quiet">{t('newcomer.any', { url: otlp })}</p>
    </div>
  )
}
