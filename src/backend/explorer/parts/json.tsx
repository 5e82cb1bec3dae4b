// JSON that folds. Called for values, arguments of tools and bodies of logs. What is folded isn't rendered, so that a
// megabyte costs nothing until it is opened.
import { useState } from 'preact/hooks'
import { useText } from '../i18n'
import { MarkedText } from './marked-text'

/** Items of one level that are shown at first. */
const SHOWN = 100

export function Json({ value, open = true }: { value: unknown; open?: boolean }) {
  return (
    <div class="json">
      <Item value={value} open={open} depth={0} />
    </div>
  )
}

interface ItemProps {
  readonly name?: string
  readonly value: unknown
  readonly open: boolean
  readonly depth: number
}

function Item({ name, value, open, depth }: ItemProps) {
  const t = useText()
  const [unfolded, setUnfolded] = useState(open)
  const [shown, setShown] = useState(SHOWN)
  const label = name !== undefined && <span class="json-key">{name}: </span>
  if (typeof value !== 'object' || value === null)
    return (
      <div class="json-line">
        {label}
        {typeof value === 'string' ? (
          <span class="json-string">
            <MarkedText text={value} />
          </span>
        ) : (
          <span class="json-scalar">{String(value)}</span>
        )}
      </div>
    )
  const entries = Object.entries(value)
  const [left, right] = Array.isArray(value) ? '[]' : '{}'
  return (
    <div class="json-line">
      <button type="button" class="plain json-fold" aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
        {unfolded ? '▾' : '▸'} {label}
        <span class="quiet">
          {left}
          {!unfolded && ` ${entries.length} `}
          {!unfolded && right}
        </span>
      </button>
      {unfolded && (
        <div class="json-inner">
          {entries.slice(0, shown).map(([key, inner]) => (
            <Item key={key} name={key} value={inner} open={depth < 2} depth={depth + 1} />
          ))}
          {entries.length > shown && (
            <button type="button" class="link" onClick={() => setShown(shown * 10)}>
              {t('json.more', { n: entries.length - shown })}
            </button>
          )}
        </div>
      )}
    </div>
  )
}
