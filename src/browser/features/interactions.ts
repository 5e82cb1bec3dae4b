/** Clicks, submitted forms and how far a page was scrolled: where, never what was written there. */
import { act } from '../action'
import { guarded } from '../diagnose'
import { event } from '../record'
import { selectorOf } from '../selector'

/** Milliseconds. */
const SOON = 1000
/** What looks as if a click did something to the page; links and forms lead away from it, and may take their time. */
const LIVELY = 'button,[role=button],summary'

export function clicks(): void {
  let last: EventTarget | undefined
  let count = 0
  let since = 0
  addEventListener(
    'click',
    guarded((click: MouseEvent) => {
      const [target] = click.composedPath()
      if (!(target instanceof Element)) return
      const lively = target.closest(LIVELY)
      const attributes = {
        'browser.css_selector': selectorOf(lively ?? target),
        'browser.tag_name': target.localName,
        'browser.page.x': Math.round(click.pageX),
        'browser.page.y': Math.round(click.pageY),
        'browser.mouse_event.button': click.button,
      }
      const action = act('browser.user_action.click', attributes)

      if (target !== last || click.timeStamp - since > SOON) {
        count = 0
        since = click.timeStamp
      }
      last = target
      // rage: three clicks on one element
      if (++count === 3) event('afn.rage_click', attributes)

      // dead: what looks alive, and no request, no change of the page, its place, its URL or its focus for a second
      if (!lively || (lively as HTMLButtonElement).form) return
      const state = () => [location.href, scrollY, document.hidden, document.activeElement]
      const before = state()
      let changed = false
      const observer = new MutationObserver(() => (changed = true))
      observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
      setTimeout(() => {
        observer.disconnect()
        if (!changed && !action.span && state().every((value, index) => value === before[index]))
          event('afn.dead_click', attributes)
      }, SOON)
    }),
    true,
  )
}

export function submits(): void {
  addEventListener(
    'submit',
    guarded(({ target }: SubmitEvent) => {
      const form = target as HTMLFormElement
      act(
        'browser.user_action.submit',
        {
          'browser.css_selector': selectorOf(form),
          'browser.tag_name': 'form',
          'afn.form.fields': form.elements.length,
        },
        true,
      )
    }),
    true,
  )
}

/** Quarters of the page that were seen, each once a path. */
export function scrollDepth(): void {
  let page = ''
  let recorded = 0
  addEventListener(
    'scroll',
    guarded(() => {
      const { pathname } = location
      if (pathname !== page) recorded = 0
      page = pathname
      const { scrollHeight, clientHeight } = document.documentElement
      const depth = Math.floor(((scrollY + clientHeight + 1) / scrollHeight) * 4) * 25
      if (scrollHeight <= clientHeight || depth <= recorded) return
      recorded = depth
      event('browser.user_action.scroll', { 'afn.scroll.depth': depth })
    }),
    { passive: true },
  )
}
