// The editor for TraceQL: CodeMirror with Grafana's grammar. Loaded by the query box when it is shown. It lives in a shadow
// root, where its styles come as constructed sheets: a page whose policy allows no inline style can't have them otherwise.
import { acceptCompletion, autocompletion, completionStatus, startCompletion } from '@codemirror/autocomplete'
import { HighlightStyle, LanguageSupport, LRLanguage, syntaxHighlighting } from '@codemirror/language'
import { Prec } from '@codemirror/state'
import { keymap, placeholder } from '@codemirror/view'
import { parser } from '@grafana/lezer-traceql'
import { styleTags, tags } from '@lezer/highlight'
import { EditorView, minimalSetup } from 'codemirror'
import { complete } from './complete'
import { theme } from './theme'

export interface Editor {
  text(): string
  setText(text: string): void
  focus(): void
  destroy(): void
}

export interface EditorOptions {
  readonly text: string
  /** For screen readers. */
  readonly label: string
  /** Shown while it is empty. */
  readonly hint: string
  /** Newest first; asked for when the reader goes back in it. */
  history(): readonly string[]
  onRun(text: string): void
}

const language = LRLanguage.define({
  parser: parser.configure({
    props: [
      styleTags({
        String: tags.string,
        'Integer Float Duration': tags.number,
        'IntrinsicField Parent Span Resource Event Link Instrumentation': tags.keyword,
        'AttributeField Identifier': tags.propertyName,
        'FieldOp ComparisonOp ScalarOp And Or Pipe Gt Lt Desc Anc': tags.operator,
        'MetricsOperation MetricsOverTimeType MetricsOperationBasicType AggregateExpression': tags.function(
          tags.variableName,
        ),
        'GroupOperation SelectOperation CoalesceOperation With HintIdentifier': tags.function(tags.variableName),
        'LineComment BlockComment': tags.comment,
        TemplateVariable: tags.special(tags.variableName),
      }),
    ],
  }),
})

const colours = HighlightStyle.define([
  { tag: tags.string, color: 'var(--code-string)' },
  { tag: tags.number, color: 'var(--code-number)' },
  { tag: tags.keyword, color: 'var(--code-keyword)' },
  { tag: tags.propertyName, color: 'var(--code-name)' },
  { tag: tags.operator, color: 'var(--code-operator)' },
  { tag: tags.function(tags.variableName), color: 'var(--code-function)' },
  { tag: tags.special(tags.variableName), color: 'var(--code-function)' },
  { tag: tags.comment, color: 'var(--quiet)' },
])

export function createEditor(host: HTMLElement, { text, label, hint, history, onRun }: EditorOptions): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  let back = -1
  const recall = (step: number) => (view: EditorView) => {
    const list = history()
    const next = back + step
    if (completionStatus(view.state) || next < -1 || next >= list.length) return false
    back = next
    write(view, list[back] ?? '')
    return true
  }
  const view = new EditorView({
    doc: text,
    root,
    parent: root,
    extensions: [
      Prec.highest(
        keymap.of([
          {
            key: 'Enter',
            run(view) {
              if (completionStatus(view.state) === 'active' && acceptCompletion(view)) return true
              back = -1
              onRun(view.state.doc.toString())
              return true
            },
          },
          { key: 'Tab', run: view => acceptCompletion(view) },
          { key: 'Alt-ArrowUp', run: recall(1) },
          { key: 'Alt-ArrowDown', run: recall(-1) },
          { key: 'Ctrl-Space', run: startCompletion },
          {
            key: 'Escape',
            run(view) {
              if (completionStatus(view.state)) return false
              view.contentDOM.blur()
              return true
            },
          },
        ]),
      ),
      minimalSetup,
      new LanguageSupport(language),
      syntaxHighlighting(colours),
      autocompletion({ override: [complete], icons: false, activateOnTypingDelay: 120 }),
      EditorView.lineWrapping,
      placeholder(hint),
      EditorView.contentAttributes.of({ 'aria-label': label, autocapitalize: 'off' }),
      theme,
    ],
  })
  return {
    text: () => view.state.doc.toString(),
    setText(given) {
      if (given !== view.state.doc.toString()) write(view, given)
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  }
}

function write(view: EditorView, text: string): void {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: text.length } })
}
