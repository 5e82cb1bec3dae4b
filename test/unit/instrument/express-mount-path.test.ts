// The route of a request from the paths of its layers, beside OpenTelemetry's function, which joins them anew at each layer.
import { expect, it } from 'vitest'
// @ts-expect-error: the package exports none of it
import { _LAYERS_STORE_PROPERTY as PATHS } from '../../../node_modules/@opentelemetry/instrumentation-express/dist/internal-types.mjs'
// @ts-expect-error: nor of it
import { getActualMatchedRoute } from '../../../node_modules/@opentelemetry/instrumentation-express/dist/utils.mjs'
import { MountPath } from '../../../src/app/instrument/express-mount-path'

const paths = [
  '/',
  '/*',
  '*',
  '/{*rest}',
  '/users',
  '/:id',
  ':id',
  '/a,/b',
  '/^\\/x/',
  '/api',
  '',
  'orders',
  '/users/',
  '/v[12]',
  '/*splat',
  undefined,
]
const urls = ['/', '', '/users', '/users/7', '/users/users/7', '/api/orders', '/a', '/orders?x=1', '/api', '//', '/x']

it("is OpenTelemetry's for three layers of any path, whatever the URL is", () => {
  const top = new MountPath([])
  let compared = 0
  for (const first of paths)
    for (const second of paths)
      for (const third of paths) {
        const layers = [first, second, third]
        const place = layers.reduce((above, path) => above.below(path), top)
        const stored = layers.filter(path => path !== undefined)
        for (const originalUrl of urls) {
          const theirs = getActualMatchedRoute({ [PATHS]: stored, originalUrl } as never)
          if (place.route(originalUrl) !== theirs)
            expect({ layers, originalUrl, route: place.route(originalUrl) }).toEqual({
              layers,
              originalUrl,
              route: theirs,
            })
          compared++
        }
      }
  expect(compared).toBe(paths.length ** 3 * urls.length)
})

it('stays of a bounded depth where a request comes through the same router again and again', () => {
  let place = new MountPath([])
  for (let i = 0; i < 1_000; i++) place = place.below('/again')
  expect(place.route('/')).toBe(undefined)
  expect(place.below('/again')).toBe(place)
})
