// The moving picture of the README: screenshots, one after another, as a GIF, which GitHub, npm and the site all show.
import { applyPalette, GIFEncoder, quantize } from 'gifenc'
import { PNG } from 'pngjs'

/** How long each picture is seen, in ms. */
const DELAY = 2_500

/** @param screenshots PNG files of one size */
export function tourOf(screenshots: readonly Buffer[]): Uint8Array {
  const gif = GIFEncoder()
  for (const screenshot of screenshots) {
    const { data, width, height } = PNG.sync.read(screenshot)
    const palette = quantize(data, 256)
    gif.writeFrame(applyPalette(data, palette), width, height, { palette, delay: DELAY })
  }
  gif.finish()
  return gif.bytes()
}
