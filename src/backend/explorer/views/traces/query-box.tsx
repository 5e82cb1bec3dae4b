// The search box. The editor comes as a chunk of its own; until it is here a plain text box does the same.
import { useEffect, useRef } from 'preact/hooks'
import { useText } from '../../i18n'
import { useKeys } from '../../parts/use-keys'
import type { Editor } from '../../traceql/editor'
import { remembered } from '../../traceql/history'

export interface QueryBoxProps {
  readonly text: string
  onRun(text: string): void
}

export function QueryBox({ text, onRun }: QueryBoxProps) {
  const t = useText()
  const host = useRef<HTMLDivElement>(null)
  const plain = useRef<HTMLTextAreaElement>(null)
  const editor = useRef<Editor | undefined>(undefined)
  const run = useRef(onRun)
  run.current = onRun
  useEffect(() => {
    let gone = false
    import('../../traceql/editor').then(({ createEditor }) => {
      if (gone || !host.current) return
      const typed = plain.current?.value ?? text
      const focused = document.activeElement === plain.current
      editor.current = createEditor(host.current, {
        text: typed,
        label: t('query.label'),
        hint: t('query.placeholder'),
        history: remembered,
        onRun: given => run.current(given),
      })
      if (focused) editor.current.focus()
    })
    return () => {
      gone = true
      editor.current?.destroy()
      editor.current = undefined
    }
  }, [t])
  useEffect(() => {
    editor.current?.setText(text)
    if (plain.current) plain.current.value = text
  }, [text])
  useKeys({ '/': () => (editor.current ?? plain.current)?.focus() })
  return (
    <div class="query-box">
      <div ref={host} class="query-editor">
        <textarea
          ref={plain}
          rows={1}
          placeholder={t('query.placeholder')}
          aria-label={t('query.label')}
          spellcheck={false}
          defaultValue={text}
          onKeyDown={event => {
            if (event.key !== 'Enter' || event.shiftKey) return
            event.preventDefault()
            onRun(event.currentTarget.value)
          }}
        />
      </div>
      <button
        type="button"
        class="primary"
        onClick={() => onRun(editor.current?.text() ?? plain.current?.value ?? text)}
      >
        {t('query.run')}
      </button>
    </div>
  )
}
