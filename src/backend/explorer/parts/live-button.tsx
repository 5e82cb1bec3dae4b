// Turns the live tail of a list on and off.
import { useText } from '../i18n'
import { changed, go, type Route } from '../route'

export function LiveButton({ route }: { route: Route }) {
  const t = useText()
  const live = route.params.get('live') === '1'
  return (
    <button
      type="button"
      class={live ? 'live live-on' : 'live'}
      aria-pressed={live}
      onClick={() => go(changed(route, { live: live ? undefined : '1', sort: undefined }))}
    >
      <span class="live-dot" aria-hidden="true" />
      {t('traces.live')}
    </button>
  )
}
