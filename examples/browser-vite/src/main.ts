import { initializeMonitor, monitor } from '@afn/otel/browser'

initializeMonitor({ serviceName: 'prompt-tips' })

const tip = document.querySelector('#tip')!
let shown = 0

// a trace: the click, and the request that it makes
document.querySelector('#another')!.addEventListener('click', async () => {
  const tips: string[] = await (await fetch('/tips.json')).json()
  tip.textContent = tips[shown++ % tips.length]!
  monitor.recordCustomEvent('tip_shown', { number: shown })
})

// an error that nobody catches
document.querySelector('#broken')!.addEventListener('click', () => {
  throw new Error('The tip machine is out of paper')
})
