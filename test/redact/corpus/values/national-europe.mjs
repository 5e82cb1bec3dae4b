// Numbers that European states give to persons, with the check digits that they define, each with the words that stand beside it in
// forms and letters.
import { luhn, mod1110, modulo, weighted } from '../checks.mjs'
import { born, dateOfBirth, elevenMinus, until } from './birth.mjs'

/** @typedef {import('../random.mjs').Random} Random */

/** @type {Record<string, { words: string[], make: (random: Random) => string }>} */
export const european = {
  nhs: {
    words: ['NHS number', 'NHS No'],
    make: r =>
      until(() => {
        const head = r.number(9)
        const check = elevenMinus(weighted(head, [10, 9, 8, 7, 6, 5, 4, 3, 2]))
        if (check === 10) return undefined
        return `${head.slice(0, 3)} ${head.slice(3, 6)} ${head.slice(6)}${check % 11}`
      }),
  },
  nino: {
    words: ['National Insurance number', 'NINO', 'NI number'],
    make: insuranceNumber,
  },
  steuerId: {
    words: ['Steuer-ID', 'Steuerliche Identifikationsnummer', 'IdNr.', 'Steuer-Identifikationsnummer'],
    make: r => {
      const digits = '1234567890'.split('')
      for (let i = 9; i > 0; i--) {
        const j = r.int(0, i)
        ;[digits[i], digits[j]] = [digits[j] ?? '', digits[i] ?? '']
      }
      if (digits[0] === '0') digits.push(digits.shift() ?? '')
      digits[9] = digits[r.int(1, 8)] ?? '1'
      const head = digits.join('')
      const all = head + mod1110(head)
      return r.pick([all, `${all.slice(0, 2)} ${all.slice(2, 5)} ${all.slice(5, 8)} ${all.slice(8)}`])
    },
  },
  rentenversicherung: {
    words: ['Sozialversicherungsnummer', 'Rentenversicherungsnummer', 'SV-Nummer'],
    make: r => {
      const letter = r.chars(1, 'ABCDEFGHKLMNPRSTW')
      const { year, month, day } = dateOfBirth(r)
      const head = `${r.pad(r.int(2, 89))}${day}${month}${r.pad(year % 100)}`
      const serial = r.pad(r.int(0, 99))
      const digits = `${head}${r.pad(letter.charCodeAt(0) - 64)}${serial}`
      const sum = [...digits].reduce((all, digit, index) => {
        const product = Number(digit) * /** @type {number} */ ([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1][index])
        return all + Math.floor(product / 10) + (product % 10)
      }, 0)
      return `${head}${letter}${serial}${sum % 10}`
    },
  },
  nir: {
    words: ['numéro de sécurité sociale', 'NIR', 'N° sécu', 'Sécurité sociale'],
    make: r => {
      const { year, month } = dateOfBirth(r)
      const head = `${r.pick(['1', '2'])}${r.pad(year % 100)}${month}${r.pad(r.int(1, 95))}${r.pad(r.int(1, 900), 3)}${r.pad(r.int(1, 990), 3)}`
      const key = r.pad(97 - modulo(head, 97))
      return r.pick([head + key, `${head.slice(0, 1)} ${head.slice(1, 3)} ${head.slice(3, 5)} ${head.slice(5, 7)} ${head.slice(7, 10)} ${head.slice(10)} ${key}`]) // biome-ignore format: groups
    },
  },
  dni: {
    words: ['DNI', 'NIF', 'documento de identidad'],
    make: r => {
      const head = r.number(8)
      return `${head}${r.pick(['', '-'])}${'TRWAGMYFPDXBNJZSQVHLCKE'[Number(head) % 23]}`
    },
  },
  nie: {
    words: ['NIE', 'número de identidad de extranjero'],
    make: r => {
      const first = r.int(0, 2)
      const head = r.digits(7)
      return `${'XYZ'[first]}${head}${'TRWAGMYFPDXBNJZSQVHLCKE'[Number(`${first}${head}`) % 23]}`
    },
  },
  codiceFiscale: { words: ['codice fiscale', 'C.F.', 'CF'], make: codiceFiscale },
  nif: {
    words: ['NIF', 'contribuinte', 'número de contribuinte'],
    make: r => {
      const head = r.pick(['1', '2']) + r.digits(7)
      const check = elevenMinus(weighted(head, [9, 8, 7, 6, 5, 4, 3, 2]))
      return `${head}${check > 9 ? 0 : check}`
    },
  },
  bsn: {
    words: ['BSN', 'burgerservicenummer'],
    make: r => until(() => {
      const head = r.number(8)
      const check = weighted(head, [9, 8, 7, 6, 5, 4, 3, 2]) % 11
      return check > 9 ? undefined : head + check
    }), // biome-ignore format: short
  },
  rijksregister: {
    words: ['rijksregisternummer', 'numéro national', 'NISS'],
    make: r => {
      const { year, month, day } = dateOfBirth(r)
      const head = `${r.pad(year % 100)}${month}${day}${r.pad(r.int(1, 997), 3)}`
      const check = r.pad(97 - (Number(year >= 2000 ? `2${head}` : head) % 97))
      return r.pick([`${head.slice(0, 2)}.${head.slice(2, 4)}.${head.slice(4, 6)}-${head.slice(6)}.${check}`, head + check]) // biome-ignore format: groups
    },
  },
  pesel: {
    words: ['PESEL', 'nr PESEL'],
    make: r => {
      const head = born(r) + r.digits(4)
      return head + ((10 - (weighted(head, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10)
    },
  },
  personnummer: {
    words: ['personnummer', 'personnr'],
    make: r => {
      const { year, month, day } = dateOfBirth(r)
      const head = `${r.pad(year % 100)}${month}${day}`
      const serial = r.pad(r.int(1, 999), 3)
      return `${r.pick(['', String(year).slice(0, 2)])}${head}-${serial}${luhn(head + serial)}`
    },
  },
  hetu: {
    words: ['henkilötunnus', 'HETU'],
    make: r => {
      const { year, month, day } = dateOfBirth(r)
      const head = `${day}${month}${r.pad(year % 100)}`
      const serial = r.pad(r.int(2, 899), 3)
      return `${head}${year >= 2000 ? 'A' : '-'}${serial}${'0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(head + serial) % 31]}`
    },
  },
  fodselsnummer: {
    words: ['fødselsnummer', 'personnummer', 'fnr'],
    make: r => until(() => {
      const { year, month, day } = dateOfBirth(r)
      const head = `${day}${month}${r.pad(year % 100)}${r.pad(r.int(0, 499), 3)}`
      const first = digit(elevenMinus(weighted(head, [3, 7, 6, 1, 8, 9, 4, 5, 2])) % 11)
      const second = first && digit(elevenMinus(weighted(head + first, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2])) % 11)
      return second && head + first + second
    }), // biome-ignore format: short
  },
  cpr: {
    words: ['CPR-nummer', 'CPR'],
    make: r => `${dateOfBirth(r).day}${dateOfBirth(r).month}${r.digits(2)}-${r.digits(4)}`,
  },
  ahv: {
    words: ['AHV-Nummer', 'AHV-Nr.', 'numéro AVS'],
    make: r => {
      const head = `756${r.digits(9)}`
      const check = (10 - (weighted(head, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10
      return `756.${head.slice(3, 7)}.${head.slice(7, 11)}.${head.slice(11)}${check}`
    },
  },
  tckn: {
    words: ['T.C. kimlik no', 'TC Kimlik Numarası', 'TCKN'],
    make: r => {
      const head = r.number(9)
      const at = /** @param {number} i */ i => Number(head[i])
      const tenth = ((at(0) + at(2) + at(4) + at(6) + at(8)) * 7 - (at(1) + at(3) + at(5) + at(7)) + 100) % 10
      const sum = [...head].reduce((all, digit) => all + Number(digit), tenth)
      return `${head}${tenth}${sum % 10}`
    },
  },
  rodneCislo: {
    words: ['rodné číslo', 'RČ'],
    make: r => until(() => {
      const { year, month, day } = dateOfBirth(r)
      const head = `${r.pad(year % 100)}${month}${day}${r.pad(r.int(1, 999), 3)}`
      const check = Number(head) % 11
      return year < 1955 || check > 9 ? undefined : `${head.slice(0, 6)}/${head.slice(6)}${check}`
    }), // biome-ignore format: short
  },
  cnp: {
    words: ['CNP', 'cod numeric personal'],
    make: r => {
      const head = `${r.pick(['1', '2'])}${born(r)}${r.pad(r.int(1, 46))}${r.pad(r.int(1, 999), 3)}`
      const rest = weighted(head, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11
      return head + (rest === 10 ? 1 : rest)
    },
  },
  oib: {
    words: ['OIB'],
    make: r => {
      const head = r.number(10)
      return head + mod1110(head)
    },
  },
}

/** United Kingdom. @param {Random} r */
function insuranceNumber(r) {
  const pairs = [
    r.pick(['AB', 'CE', 'JG', 'PX', 'SK']),
    r.digits(2),
    r.digits(2),
    r.digits(2),
    r.pick(['A', 'B', 'C', 'D']),
  ]
  return pairs.join(r.pick(['', ' ']))
}

const ODD = { 0: 1, 1: 0, 2: 5, 3: 7, 4: 9, 5: 13, 6: 15, 7: 17, 8: 19, 9: 21, A: 1, B: 0, C: 5, D: 7, E: 9, F: 13, G: 15, H: 17, I: 19, J: 21, K: 2, L: 4, M: 18, N: 20, O: 11, P: 3, Q: 6, R: 8, S: 12, T: 14, U: 16, V: 10, W: 22, X: 25, Y: 24, Z: 23 } // biome-ignore format: a table
/** Italy: ministerial decree of 23 December 1976. @param {Random} r */
function codiceFiscale(r) {
  const letters = 'BCDFGLMNPRSTVZ'
  const { year, day } = dateOfBirth(r)
  const head = `${r.chars(6, letters)}${r.pad(year % 100)}${r.chars(1, 'ABCDEHLMPRST')}${r.pad(Number(day) + r.pick([0, 40]))}${r.pick(['H501', 'F205', 'L219', 'D612'])}`
  const sum = [...head].reduce((all, sign, index) => {
    const even = /\d/.test(sign) ? Number(sign) : sign.charCodeAt(0) - 65
    return all + (index % 2 ? even : /** @type {Record<string, number>} */ (ODD[sign] ?? 0))
  }, 0)
  return head + String.fromCharCode(65 + (sum % 26))
}

/** Undefined for 10, which is no digit. @param {number} check */
const digit = check => (check > 9 ? undefined : String(check))
