// Messages by role: text with redaction's marks, tool calls with their arguments folded.
import { useState } from 'preact/hooks'
import type { Message, Part } from '../data/messages'
import { isTextKey, type Translate, useText } from '../i18n'
import { Json } from './json'
import { MarkedText } from './marked-text'

/** Of a long conversation only the end is open. */
export const OPEN = 6

export function Messages({ title, messages }: { title: string; messages: readonly Message[] }) {
  return (
    <section class="messages">
      <h4>{title}</h4>
      {messages.map((message, index) => (
        <MessageView key={index} message={message} open={index >= messages.length - OPEN} />
      ))}
    </section>
  )
}

export function MessageView({ message, open = true }: { message: Message; open?: boolean }) {
  const t = useText()
  const [isOpen, setOpen] = useState(open)
  return (
    <details
      class={`message role-${roleClass(message.role)}`}
      open={isOpen}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>
        {roleText(t, message.role)}
        {message.finishReason && message.finishReason !== 'stop' && (
          <span class="quiet"> · {message.finishReason}</span>
        )}
        {!isOpen && (
          <span class="message-preview">
            {' '}
            <MarkedText short text={firstWords(message)} />
          </span>
        )}
      </summary>
      {message.parts.map((part, index) => (
        <PartView key={index} part={part} />
      ))}
    </details>
  )
}

const WORDS = 160

/** For a message that is folded. */
function firstWords({ parts }: Message): string {
  const said = parts.flatMap(part =>
    part.kind === 'text' ? [part.text] : part.kind === 'tool_call' ? [part.name] : [],
  )
  return said
    .join(' ')
    .slice(0, 2 * WORDS)
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, WORDS)
}

export function PartView({ part }: { part: Part }) {
  const t = useText()
  switch (part.kind) {
    case 'text':
      return (
        <div class="part">
          <MarkedText text={part.text} />
        </div>
      )
    case 'reasoning':
      return (
        <details class="part reasoning">
          <summary>{t('part.reasoning')}</summary>
          <MarkedText text={part.text} />
        </details>
      )
    case 'tool_call':
      return (
        <div class="part tool">
          <span class="tool-name">
            {t('part.tool_call')}{' '}
            <strong>
              <MarkedText short text={part.name} />
            </strong>{' '}
            <span class="quiet">
              <MarkedText short text={part.id} />
            </span>
          </span>
          {part.json !== undefined && <Json value={part.json} open={false} />}
        </div>
      )
    case 'tool_result':
      return (
        <div class="part tool">
          <span class="tool-name">
            {t('part.tool_result')}{' '}
            <span class="quiet">
              <MarkedText short text={part.id} />
            </span>
          </span>
          {typeof part.json === 'string' ? <MarkedText text={part.json} /> : <Json value={part.json} open={false} />}
        </div>
      )
    case 'media':
      return (
        <div class="part media">
          {t('part.media')} <MarkedText short text={part.label} />
        </div>
      )
    case 'other':
      return (
        <div class="part">
          <Json value={part.json} open={false} />
        </div>
      )
  }
}

function roleClass(role: string): string {
  return ['user', 'assistant', 'system', 'tool'].includes(role) ? role : role === 'developer' ? 'system' : 'other'
}

function roleText(t: Translate, role: string): string {
  const key = `role.${role}`
  return isTextKey(key) ? t(key) : role
}
