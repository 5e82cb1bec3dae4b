// What to do when nothing has been sent yet.
import { useText } from '../i18n'
import { Copy } from './copy'

export function Newcomer() {
  const t = useText()
  const command = 'OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 node --require @afn/otel app.js'
  return (
    <div class="newcomer">
      <p>{t('newcomer.how')}</p>
      <pre class="command">
        <code>{command}</code>
        <Copy text={command} />
      </pre>
      <p class="quiet">{t('newcomer.any')}</p>
    </div>
  )
}
