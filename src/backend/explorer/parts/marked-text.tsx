// Text that somebody sent: never more than text. Masks of the redactor are chips, characters that would deceive the eye
// are named, and what is very long is shown in part. Called wherever a value is shown.
import { useState } from 'preact/hooks'
import { bytes } from '../data/format'
import { piecesOf } from '../data/redaction-masks'
import { useText } from '../i18n'

const SHOWN = 4_000

/** @param short shows one line of at most 200 characters */
export function MarkedText({ text, short = false }: { text: string; short?: boolean }) {
  const t = useText()
  const [whole, setWhole] = useState(false)
  const limit = short ? 200 : whole ? text.length : SHOWN
  const shown = text.length > limit ? text.slice(0, limit) : text
  return (
    <bdi class={short ? 'sent sent-short' : 'sent'}>
      {piecesOf(shown).map((piece, index) => {
        if (piece.kind === 'text') return piece.text
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
