// The ids of units that Grafana has, by how each is written: with prefixes of the SI, of 1024, in thousands, or plain. A test compares
// what comes of it with Grafana's own functions.

/** Pairs of an id and what stands behind the value, one `id=suffix` each; in the suffix `_` is a space. */
const pairs = (text: string): readonly (readonly [id: string, suffix: string])[] =>
  text
    .trim()
    .split(/\s+/)
    .map(pair => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), pair.slice(at + 1).replaceAll('_', ' ')] as const
    })

/** The value and the suffix, whatever the size. */
export const plain = new Map(
  pairs(`
  none= humidity=_%H dB=_dB pixel=_px accMS2=_m/sec² accFS2=_f/sec² accG=_g degree=_° radian=_rad grad=_grad arcmin=_arcmin arcsec=_arcsec
  areaM2=_m² areaF2=_ft² areaMI2=_mi² acres=_ac hectares=_ha ppm=_ppm conppb=_ppb conngm3=_ng/m³ conngNm3=_ng/Nm³ conμgm3=_μg/m³
  conμgNm3=_μg/Nm³ conmgm3=_mg/m³ conmgNm3=_mg/Nm³ congm3=_g/m³ congNm3=_g/Nm³ conmgdL=_mg/dL conmmolL=_mmol/L percent=% dBm=_dbm
  flowgpm=_gpm flowcms=_cms flowcfs=_cfs flowcfm=_cfm litreh=_L/h flowlpm=_L/min flowmlpm=_mL/min lux=_lux masslb=_lb masst=_t
  lengthin=_in lengthft=_ft lengthmi=_mi pressurehpa=_hPa pressurekpa=_kPa pressurehg=_"Hg rotrpm=_rpm rotrads=_rad/s rotdegs=_°/s
  celsius=_°C fahrenheit=_°F kelvin=_K velocityms=_m/s velocitykmh=_km/h velocitymph=_mph velocityknot=_kn m3=_m³ Nm3=_Nm³ dm3=_dm³
  gallons=_gal
`),
)

const SI = ['f', 'p', 'n', 'µ', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y']
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi']

export interface Scale {
  readonly base: number
  /** What stands behind the value, from the smallest on. */
  readonly suffixes: readonly string[]
  /** Index of what a value of 1 has. */
  readonly at: number
}

/** With `k+W` as the suffix the value is in kilowatts already. */
const scaled = (base: number, prefixes: readonly string[], text: string): [string, Scale][] =>
  pairs(text).map(([id, suffix]) => {
    const [, own = '', unit = suffix] = /^(\w+|µ)\+(.*)$/.exec(suffix) ?? []
    return [id, { base, suffixes: prefixes.map(prefix => ` ${prefix}${unit}`.trimEnd()), at: prefixes.indexOf(own) }]
  })

const THOUSANDS = ['', 'K', 'M', 'B', 'T']
const counted = (text: string): [string, Scale][] =>
  pairs(text).map(([id, unit]) => [id, { base: 1000, suffixes: THOUSANDS.map(letter => `${letter} ${unit}`), at: 0 }])

/** In steps of 1,000 or 1,024. */
export const scales: ReadonlyMap<string, Scale> = new Map<string, Scale>([
  ['short', { base: 1000, suffixes: ['', ' K', ' Mil', ' Bil', ' Tri', ' Quadr', ' Quint', ' Sext', ' Sept'], at: 0 }],
  ['pressurepsi', { base: 1000, suffixes: ['psi', 'ksi', 'Mpsi'], at: 0 }],
  ...scaled(
    1000,
    SI,
    `
    sishort= candela=cd flops=FLOPS mflops=M+FLOPS gflops=G+FLOPS tflops=T+FLOPS pflops=P+FLOPS eflops=E+FLOPS zflops=Z+FLOPS yflops=Y+FLOPS
    decbytes=B decbits=b deckbytes=k+B decmbytes=M+B decgbytes=G+B dectbytes=T+B decpbytes=P+B pps=p/s Bps=B/s bps=b/s KBs=k+B/s Kbits=k+b/s
    MBs=M+B/s Mbits=M+b/s GBs=G+B/s Gbits=G+b/s TBs=T+B/s Tbits=T+b/s PBs=P+B/s Pbits=P+b/s watt=W kwatt=k+W megwatt=M+W gwatt=G+W
    mwatt=m+W Wm2=W/m² voltamp=VA kvoltamp=k+VA voltampreact=VAr kvoltampreact=k+VAr watth=Wh watthperkg=Wh/kg kwatth=k+Wh kwattm=k+W-Min
    mwatth=M+Wh amph=Ah kamph=k+Ah mamph=m+Ah joule=J ev=eV amp=A kamp=k+A mamp=m+A volt=V kvolt=k+V mvolt=m+V mohm=m+Ω ohm=Ω kohm=k+Ω
    Mohm=M+Ω farad=F µfarad=µ+F nfarad=n+F pfarad=p+F ffarad=f+F henry=H mhenry=m+H µhenry=µ+H lumens=Lm forceNm=Nm forcekNm=k+Nm forceN=N
    forcekN=k+N Hs=H/s KHs=k+H/s MHs=M+H/s GHs=G+H/s THs=T+H/s PHs=P+H/s EHs=E+H/s massmg=m+g massg=g masskg=k+g lengthmm=m+m lengthm=m
    lengthkm=k+m pressurembar=m+bar pressurebar=bar pressurekbar=k+bar pressurepa=Pa radbq=Bq radci=Ci radgy=Gy radrad=rad radsv=Sv
    radmsv=m+Sv radusv=µ+Sv radrem=rem radexpckg=C/kg radr=R radsvh=Sv/h radmsvh=m+Sv/h radusvh=µ+Sv/h rothz=Hz rotkhz=k+Hz rotmhz=M+Hz
    rotghz=G+Hz hertz=Hz mlitre=m+L litre=L
  `,
  ),
  ...scaled(
    1024,
    BINARY,
    `
    bytes=B bits=b kbytes=Ki+B mbytes=Mi+B gbytes=Gi+B tbytes=Ti+B pbytes=Pi+B binBps=B/s binbps=b/s KiBs=Ki+B/s Kibits=Ki+b/s MiBs=Mi+B/s
    Mibits=Mi+b/s GiBs=Gi+B/s Gibits=Gi+b/s TiBs=Ti+B/s Tibits=Ti+b/s PiBs=Pi+B/s Pibits=Pi+b/s
  `,
  ),
  ...counted(`
    cps=c/s ops=ops/s reqps=req/s rps=rd/s wps=wr/s iops=io/s eps=evt/s mps=msg/s recps=rec/s rowsps=rows/s cpm=c/m opm=ops/m reqpm=req/m
    rpm=rd/m wpm=wr/m epm=evts/m mpm=msgs/m recpm=rec/m rowspm=rows/m
  `),
])

/** What stands in front of a sum; behind it where the text begins with `-`. */
export const currencies: ReadonlyMap<string, string> = new Map(
  pairs(`
  USD=$ GBP=£ EUR=€ JPY=¥ RUB=₽ UAH=₴ BRL=R$ DKK=-kr ISK=-kr NOK=-kr SEK=-kr CZK=czk CHF=CHF PLN=PLN BTC=฿ mBTC=mBTC μBTC=μBTC ZAR=R
  INR=₹ KRW=₩ IDR=Rp PHP=PHP VND=-đ TRY=-₺ MYR=RM XPF=XPF BGN=BGN PYG=₲ UYU=UYU ILS=₪
`),
)
export const currencyScale: Scale = { base: 1000, suffixes: THOUSANDS, at: 0 }

export interface Times {
  /** Each up to this size, in the unit itself; its suffix; and by what the value is divided. */
  readonly steps: readonly (readonly [below: number, suffix: string, divisor: number])[]
}

const MINUTE = 60
const HOUR = 3_600
const DAY = 86_400
const WEEK = 604_800
const ever = Number.POSITIVE_INFINITY

/** Durations, as Grafana rounds them. */
export const times: ReadonlyMap<string, Times> = new Map<string, Times>([
  [
    'ns',
    {
      steps: [
        [1e3, ' ns', 1],
        [1e6, ' µs', 1e3],
        [1e9, ' ms', 1e6],
        [6e10, ' s', 1e9],
        [3.6e12, ' min', 6e10],
        [8.64e13, ' hour', 3.6e12],
        [ever, ' day', 8.64e13],
      ],
    },
  ],
  [
    'µs',
    {
      steps: [
        [1e3, ' µs', 1],
        [1e6, ' ms', 1e3],
        [ever, ' s', 1e6],
      ],
    },
  ],
  [
    'ms',
    {
      steps: [
        [1e3, ' ms', 1],
        [6e4, ' s', 1e3],
        [3.6e6, ' min', 6e4],
        [8.64e7, ' hour', 3.6e6],
        [3.1536e10, ' day', 8.64e7],
        [ever, ' year', 3.1536e10],
      ],
    },
  ],
  [
    's',
    {
      steps: [
        [1e-6, ' ns', 1e-9],
        [1e-3, ' µs', 1e-6],
        [1, ' ms', 1e-3],
        [MINUTE, ' s', 1],
        [HOUR, ' min', MINUTE],
        [DAY, ' hour', HOUR],
        [WEEK, ' day', DAY],
        [365 * DAY, ' week', WEEK],
        [ever, ' year', 3.15569e7],
      ],
    },
  ],
  [
    'm',
    {
      steps: [
        [60, ' min', 1],
        [1_440, ' hour', 60],
        [10_080, ' day', 1_440],
        [604_800, ' week', 10_080],
        [ever, ' year', 525_948],
      ],
    },
  ],
  [
    'h',
    {
      steps: [
        [24, ' hour', 1],
        [168, ' day', 24],
        [8_760, ' week', 168],
        [ever, ' year', 8_760],
      ],
    },
  ],
  [
    'd',
    {
      steps: [
        [7, ' day', 1],
        [365, ' week', 7],
        [ever, ' year', 365],
      ],
    },
  ],
])
