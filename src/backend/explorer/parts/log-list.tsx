// Log lines; one opens to show its attributes.
import { useRef, useState } from 'preact/hooks'
import type { LogLine } from '../../api/log-answers'
import { toldBy } from '../data/event'
import { useText } from '../i18n'
import { href } from '../route'
import { Service } from './badges'
import { Json } from './json'
import { MarkedText } from './marked-text'
import { TimeOfSeconds } from './time'
import { useKeys } from './use-keys'

export function LogList({ logs, ofTrace }: { logs: readonly LogLine[]; ofTrace: boolean }) {
  const list = useRef<HTMLUListElement>(null)
  const move = (step: number) => {
    const lines = [...(list.current?.querySelectorAll<HTMLElement>('.log-line') ?? [])]
    const at = lines.indexOf(document.activeElement as HTMLElement)
    lines[Math.max(0, Math.min(lines.length - 1, at + step))]?.focus()
  }
  useKeys({ j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1) })
  return (
    <ul class="logs" ref={list}>
      {logs.map(log => (
        <Line key={log.id} log={log} ofTrace={ofTrace} />
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
      {traceId && !ofTrace && (
        <a class="log-trace" href={href(['trace', traceId], { span: spanId ?? undefined })} title={t('logs.trace')}>
          {t('view.trace')}
        </a>
      )}
      {open && (
        <div class="log-more">
          {typeof body !== 'string' && body !== null && <Json value={body} />}
          <Json value={attributes} />
        </div>
      )}
    </li>
  )
}
