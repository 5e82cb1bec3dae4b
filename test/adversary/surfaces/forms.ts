// A form of `multipart/form-data` that the app sends to a provider, with what its own visitors have named.
import { formReader } from '../../../src/app/llm/wire/form'
import type { Surface } from '../search.mjs'
import { filled } from './filled'

const part = (name: string) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\nvalue\r\n`

export const forms: Surface = {
  name: 'forms',
  anchors: ['--b', '\r\n--b', '\r\n', '\r\n\r\n', '--', 'Content-Disposition: ', 'content-disposition:', 'form-data', '; ', ';', 'name=', 'name="', '; name=', '; filename=', '; filename*=', '"', '\\"', '\t', ' ', 'model', part('model'), part('k{n}'), '--b\r\n\r\n\r\n', '--b\r\n\r\n'], // biome-ignore format: a table
  harmless: length => filled(length, '', () => part('temperature'), ''),
  run(text, turn = () => {}) {
    const reader = formReader('multipart/form-data; boundary=b', { model: true, temperature: true }, 65_536)!
    const bytes = Buffer.from(text, 'latin1')
    for (let from = 0; from < bytes.length; from += 1_024) {
      reader.push(bytes.subarray(from, from + 1_024))
      turn()
    }
    return reader.value()
  },
}
