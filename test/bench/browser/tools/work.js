// What the page does, the same for every tool. A classic script, loaded before the tool, as an app's own would be after it.
const turn = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds))

function parse(text, depth) {
  if (depth) return parse(text, depth - 1)
  throw new TypeError(`Cannot read the answer: unexpected ${text} in JSON`)
}

globalThis.longTasks = []
new PerformanceObserver(list => longTasks.push(...list.getEntries().map(entry => entry.duration))).observe({
  type: 'longtask',
  buffered: true,
})

globalThis.work = {
  async events(count) {
    for (let index = 0; index < count; index++) {
      tool.event('prompt_optimization', {
        promptId: `p${index}`,
        improvement: index / 7,
        iterations: index,
        note: `shorter system prompt, variant ${index}`,
        accepted: index % 2 === 0,
      })
      await turn(4)
    }
  },
  async errors(count) {
    for (let index = 0; index < count; index++) {
      try {
        parse(`token ${index}`, 6)
      } catch (error) {
        tool.error(error)
      }
      await turn(4)
    }
  },
  async requests(count) {
    for (let index = 0; index < count; index++) {
      const answer = await fetch(`/data?page=${index}`)
      await answer.json()
      await turn(4)
    }
  },
  async navigations(count) {
    for (let index = 0; index < count; index++) {
      history.pushState({}, '', `${location.pathname.split('/').slice(0, 2).join('/')}/chat/${index}`)
      document.querySelector('h1').textContent = `Chat ${index}`
      await turn(50)
    }
  },
  /** The last events come as the page is hidden, in the same task. */
  leave(count) {
    for (let index = 0; index < count; index++) tool.event('leaving', { index, note: `the last of page ${index}` })
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
    Object.defineProperty(document, 'hidden', { value: true, configurable: true })
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    dispatchEvent(new Event('pagehide'))
  },
}

addEventListener('DOMContentLoaded', () => {
  document.body.addEventListener('click', ({ target }) => {
    if (target.localName === 'button') target.classList.toggle('pressed')
  })
})
