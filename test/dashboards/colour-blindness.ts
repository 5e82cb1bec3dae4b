// How far two colours are apart for whom they are the most alike: people with normal sight, and those who lack one kind of cone.
// The matrices are those of Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
// Deficiency" (2009), severity 1; the distance is CIE 1976.
type Vector = readonly [number, number, number]
type Matrix = readonly [Vector, Vector, Vector]

const sights: readonly Matrix[] = [
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  // protanopia
  [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  // deuteranopia
  [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  // tritanopia
  [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
]
const toXyz: Matrix = [
  [0.4124, 0.3576, 0.1805],
  [0.2126, 0.7152, 0.0722],
  [0.0193, 0.1192, 0.9505],
]

const times = (matrix: Matrix, [a, b, c]: Vector): Vector =>
  matrix.map(([x, y, z]) => x * a + y * b + z * c) as unknown as Vector

function linear(colour: string): Vector {
  const parts = [1, 3, 5].map(at => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
  return parts.map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as unknown as Vector
}

function lab(rgb: Vector): Vector {
  const white = [0.9505, 1, 1.089] as const
  const [x, y, z] = times(toXyz, rgb.map(part => Math.min(1, Math.max(0, part))) as unknown as Vector).map(
    (part, index) => {
      const share = part / white[index]!
      return share > 0.008856 ? Math.cbrt(share) : 7.787 * share + 16 / 116
    },
  ) as unknown as Vector
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

export const apart = (one: string, other: string): number =>
  Math.min(
    ...sights.map(sight => {
      const [a, b] = [one, other].map(colour => lab(times(sight, linear(colour)))) as [Vector, Vector]
      return Math.hypot(...a.map((part, index) => part - b[index]!))
    }),
  )
