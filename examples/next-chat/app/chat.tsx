'use client'
import { type FormEvent, useState } from 'react'
import { readLines } from './read-lines'

interface Message {
  role: 'user' | 'assistant'
  content: string
}

export function Chat() {
  const [messages, setMessages] = useState<Message[]>([])
  const [busy, setBusy] = useState(false)

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const asked: Message[] = [...messages, { role: 'user', content: `${new FormData(form).get('question')}` }]
    const show = (content: string) => setMessages([...asked, { role: 'assistant', content }])
    form.reset()
    setBusy(true)
    show('')
    try {
      const response = await fetch('/api/chat', { method: 'POST', body: JSON.stringify(asked) })
      if (!response.ok || !response.body) throw new Error(`answered ${response.status}`)
      let answer = ''
      for await (const piece of readLines<string>(response.body)) {
        answer += piece
        show(answer)
      }
    } catch {
      show('No answer came. Try again in a minute.')
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      <ol aria-live="polite" aria-busy={busy}>
        {messages.map(({ role, content }, index) => (
          <li key={index} className={role}>
            {content || '…'}
          </li>
        ))}
      </ol>
      <form onSubmit={send}>
        <input name="question" aria-label="Question" placeholder="How do I get to Gion?" autoComplete="off" required />
        <button type="submit" disabled={busy}>
          Send
        </button>
      </form>
    </>
  )
}
