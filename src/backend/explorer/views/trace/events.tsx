// The events of a span; an exception shows its stack as it was thrown.
import { duration } from '../../data/format'
import { type SpanEvent, textAt } from '../../data/span'
import { useText } from '../../i18n'
import { MarkedText } from '../../parts/marked-text'
import { Time } from '../../parts/time'
import type { Route } from '../../route'
import { Attributes } from './attributes'

export function Events({ events, start, route }: { events: readonly SpanEvent[]; start: bigint; route: Route }) {
  const t = useText()
  return (
    <ol class="events">
      {events.map((event, index) => {
        const stack = textAt(event.attributes, 'exception.stacktrace')
        return (
          <li key={index}>
            <p class="detail-line">
              <strong>
                <MarkedText short text={event.name} />
              </strong>{' '}
              <span class="quiet">
                +{duration(event.time - start)} · <Time ns={event.time} />
              </span>
            </p>
            {event.name === 'exception' && (
              <p class="detail-error">
                <strong>
                  <MarkedText short text={textAt(event.attributes, 'exception.type') ?? ''} />
                </strong>{' '}
                <MarkedText text={textAt(event.attributes, 'exception.message') ?? ''} />
              </p>
            )}
            {stack && (
              <pre class="stack" title={t('events.stack')}>
                <MarkedText text={stack} />
              </pre>
            )}
            <Attributes
              scope="event"
              attributes={event.attributes.filter(({ key }) => key !== 'exception.stacktrace')}
              route={route}
            />
          </li>
        )
      })}
    </ol>
  )
}
