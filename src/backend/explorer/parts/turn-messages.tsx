// The messages of a turn: what is new is open, what the turn before had is folded behind its number, and a changed system prompt shows its lines.
import { useState } from 'preact/hooks'
import type { Message } from '../data/messages'
import type { SystemPrompt, TurnNews } from '../data/turns'
import { useText } from '../i18n'
import { MarkedText } from './marked-text'
import { MessageView, OPEN } from './messages'

export function TurnMessages({ news }: { news: TurnNews }) {
  const t = useText()
  const { system, repeated, added, output, earlier = 0, leftOut } = news
  const fresh = [...added, ...output]
  return (
    <>
      {system && <System system={system} earlier={earlier} />}
      {repeated.length > 0 && <Repeated messages={repeated} />}
      {leftOut > 0 && <p class="quiet">{t('turns.left_out', { n: leftOut, turn: earlier })}</p>}
      {fresh.map((message, index) => (
        <MessageView key={index} message={message} open={index >= fresh.length - OPEN} />
      ))}
    </>
  )
}

/** Made only when they are looked at: in a long conversation they are nearly all there is. */
function Repeated({ messages }: { messages: readonly Message[] }) {
  const t = useText()
  const [isOpen, setOpen] = useState(false)
  return (
    <details class="repeated" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary class="quiet">{t('sessions.repeated', { n: messages.length })}</summary>
      {isOpen && messages.map((message, index) => <MessageView key={index} message={message} open={false} />)}
    </details>
  )
}

function System({
  system: { isChanged, sameLines, removed, added },
  earlier,
}: {
  system: SystemPrompt
  earlier: number
}) {
  const t = useText()
  if (!isChanged)
    return (
      <details class="message role-system">
        <summary>
          {t('role.system_instructions')}
          <span class="message-preview">
            <MarkedText short text={added.join(' ')} />
          </span>
        </summary>
        <MarkedText text={added.join('\n')} />
      </details>
    )
  return (
    <details class="message role-system" open>
      <summary>
        <span class="change change-errors">{t('turns.system_changed', { turn: earlier })}</span>
      </summary>
      {removed.length > 0 && (
        <del>
          <MarkedText text={removed.join('\n')} />
        </del>
      )}
      {added.length > 0 && (
        <ins>
          <MarkedText text={added.join('\n')} />
        </ins>
      )}
      {sameLines > 0 && <p class="quiet">{t('turns.system_same', { n: sameLines })}</p>}
    </details>
  )
}
