// Log lines; one opens to show its attributes.
import { useState } from 'preact/hooks'
import type { LogLine } from '../../api/answers'
import { toldBy } from '../data/event'
import { useText } from '../i18n'
import { href } from '../route'
import { Service } from './badges'
import { Json } from './json'
import { MarkedText } from './marked-text'
import { TimeOfSeconds } from './time'

export function LogList({ logs, ofTrace }: { logs: readonly LogLine[]; ofTrace: boolean }) {
  return (
    <ul class="logs">
      {logs.map((log, index) => (
        <Line key={index} log={log} ofTrace={ofTrace} />
      ))}
    </ul>
  )
}

function Line({ log, ofTrace }: { log: LogLine; ofTrace: boolean }) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const { time, severity, service, event, body, attributes, traceId, spanId } = log
  const text = typeof body === 'string' ? body : body === null ? event : JSON.stringify(body)
  return (
    <li class={`log class-${log.class}`}>
      <button type="button" class="plain log-line" aria-expanded={open} onClick={() => setOpen(!open)}>
        <TimeOfSeconds seconds={time} />
        <span class="severity" title={t('logs.class', { class: log.class })}>
          {severity || log.class}
        </span>
        <Service name={service} />
        <span class="log-body">
          <MarkedText short={!open} text={text ?? ''} />
          {body === null && !open && (
            <span class="quiet">
              {' '}
              <MarkedText short text={toldBy(event, attributes)} />
            </span>
          )}
        </span>
      </button>
      {open && (
        <div class="log-more">
          {traceId && !ofTrace && (
            <a href={href(['trace', traceId], { span: spanId ?? undefined })}>{t('logs.trace')}</a>
          )}
          {typeof body !== 'string' && body !== null && <Json value={body} />}
          <Json value={attributes} />
        </div>
      )}
    </li>
  )
}
