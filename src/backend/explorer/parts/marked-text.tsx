// Text that somebody sent: never more than text. Masks of the redactor are chips, characters that would deceive the eye
// are named, and what is very long is shown in part. Called wherever a value is shown.
import { useState } from 'preact/hooks'
import { bytes } from '../data/format'
import { piecesOf } from '../data/redaction-masks'
import { useText } from '../i18n'
import { escaped } from '../traceql/write'

const SHOWN = 4_000

export interface MarkedTextProps {
  readonly text: string
  /** Shows one line of at most 200 characters. */
  readonly short?: boolean
  /** Are marked where they stand in it, in capitals or not. */
  readonly words?: readonly string[] | undefined
}

export function MarkedText({ text, short = false, words }: MarkedTextProps) {
  const t = useText()
  const [whole, setWhole] = useState(false)
  const limit = short ? 200 : whole ? text.length : SHOWN
  const shown = text.length > limit ? text.slice(0, limit) : text
  return (
    <bdi class={short ? 'sent sent-short' : 'sent'}>
      {piecesOf(shown).map((piece, index) => {
        if (piece.kind === 'text')
          return words?.length ? <Found key={index} text={piece.text} words={words} /> : piece.text
        if (piece.kind === 'mask')
          return (
            <span key={index} class="mask" title={t('mask.title', { type: piece.type })}>
              {piece.type}
              {piece.detail && <span class="mask-detail">{piece.detail}</span>}
            </span>
          )
        return (
          <span key={index} class="control" title={t(piece.kind === 'cut' ? 'mask.cut' : 'mask.control')}>
            {piece.text}
          </span>
        )
      })}
      {text.length > limit &&
        (short ? (
          '…'
        ) : (
          <button type="button" class="link" onClick={() => setWhole(true)}>
            {t('text.all', { size: bytes(text.length) })}
          </button>
        ))}
    </bdi>
  )
}

function Found({ text, words }: { text: string; words: readonly string[] }) {
  const pieces = text.split(new RegExp(`(${words.map(escaped).join('|')})`, 'i'))
  return <>{pieces.map((piece, index) => (index % 2 === 1 ? <mark key={index}>{piece}</mark> : piece))}</>
}
