// A table of attributes: searched, typed, copied, added to the query.
import { Fragment } from 'preact'
import { useState } from 'preact/hooks'
import type { TypedAttribute } from '../../../../shared/otlp/any-value'
import { useText } from '../../i18n'
import { Copy } from '../../parts/copy'
import { MarkedText } from '../../parts/marked-text'
import { SearchBox } from '../../parts/search-box'
import { ValueView, valueText } from '../../parts/value'
import { href, type Route, rangeOf } from '../../route'
import { queryIn } from '../../traceql/search-text'
import { attributeName, condition, withCondition } from '../../traceql/write'

/** A name may be broken after a dot or an underscore. */
function Key({ text }: { text: string }) {
  return text.split(/(?<=[._])/).map((piece, index) => (
    <Fragment key={index}>
      <MarkedText short text={piece} />
      <wbr />
    </Fragment>
  ))
}

/** From so many on there is a box to search in. */
const MANY = 12

export interface AttributesProps {
  readonly scope: 'span' | 'resource' | 'event' | 'link' | 'instrumentation'
  readonly attributes: readonly TypedAttribute[]
  readonly route: Route
}

export function Attributes({ scope, attributes, route }: AttributesProps) {
  const t = useText()
  const [filter, setFilter] = useState('')
  const wanted = filter.trim().toLowerCase()
  const shown = [...attributes]
    .filter(({ key, value }) => key.toLowerCase().includes(wanted) || valueText(value).toLowerCase().includes(wanted))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  if (attributes.length === 0) return <p class="quiet">{t('attributes.none')}</p>
  return (
    <>
      {attributes.length >= MANY && <SearchBox text={filter} label={t('attributes.filter')} onText={setFilter} />}
      <table class="attributes">
        <tbody>
          {shown.map(({ key, value }) => {
            const added = condition(attributeName(scope, key), value)
            return (
              <tr key={key}>
                <th scope="row">
                  <Key text={key} />
                </th>
                <td>
                  <ValueView value={value} />
                </td>
                <td class="attribute-actions">
                  <span class="type">{value.type}</span>
                  <Copy text={valueText(value)} />
                  {added && (
                    <a
                      class="icon"
                      href={href(['traces'], {
                        ...rangeOf(route),
                        q: withCondition(queryIn(route), added),
                      })}
                      aria-label={t('attributes.query', { key })}
                      title={added.slice(0, 300)}
                    >
                      +
                    </a>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </>
  )
}
