// What tour.ts uses of gifenc, which has no types of its own.
declare module 'gifenc' {
  interface Encoder {
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: { palette: readonly number[][]; delay: number },
    ): void
    finish(): void
    bytes(): Uint8Array
  }
  export function GIFEncoder(): Encoder
  export function quantize(rgba: Uint8Array, colours: number): number[][]
  export function applyPalette(rgba: Uint8Array, palette: readonly number[][]): Uint8Array
}
