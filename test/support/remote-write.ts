// Samples into a Prometheus by its remote write 1.0, at whatever time they are of.

export interface SamplePair {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly value: number
}

/** @returns what makes the protobuf of a series: labels once, and then a value for each time */
export function encoderOf(labels: Readonly<Record<string, string>>): (samples: readonly SamplePair[]) => Buffer {
  const names = Object.entries(labels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(text))])))
  return samples => {
    const encoded = samples.map(({ time, value }) => {
      const double = Buffer.alloc(9)
      double[0] = (1 << 3) | 1
      double.writeDoubleLE(value, 1)
      return field(2, Buffer.concat([double, Buffer.from([2 << 3]), varint(time)]))
    })
    return field(1, Buffer.concat([...names, ...encoded]))
  }
}

/** Resolves when Prometheus has acknowledged it. @param series as encoders make them */
export async function remoteWrite(url: string, series: readonly Buffer[]): Promise<void> {
  const response = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' },
    body: new Uint8Array(snappy(Buffer.concat(series))),
  })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  await response.arrayBuffer()
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Buffer.from([...bytes, rest])
}

const field = (number: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([(number << 3) | 2]), varint(content.length), content])

/** As snappy has it where nothing is compressed: the length, and literals of 64 KiB at most. */
function snappy(content: Buffer): Buffer {
  const parts = [varint(content.length)]
  for (let at = 0; at < content.length; at += 65_536) {
    const literal = content.subarray(at, at + 65_536)
    const length = Buffer.alloc(3)
    length[0] = 61 << 2
    length.writeUInt16LE(literal.length - 1, 1)
    parts.push(length, literal)
  }
  return Buffer.concat(parts)
}
