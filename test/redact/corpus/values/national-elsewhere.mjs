// Numbers that states outside of Europe give to persons, with the check digits that they define, each with the words that stand beside it in
// forms and letters.
import { luhn, verhoeff, weighted } from '../checks.mjs'
import { born, dateOfBirth, elevenMinus, until } from './birth.mjs'

/** @typedef {import('../random.mjs').Random} Random */

/** @type {Record<string, { words: string[], make: (random: Random) => string }>} */
export const elsewhere = {
  itin: { words: ['ITIN', 'Tax ID'], make: r => `9${r.digits(2)}-7${r.int(0, 9)}-${r.digits(4)}` },
  sin: {
    words: ['SIN', 'Social Insurance Number', "numéro d'assurance sociale"],
    make: r => {
      const head = r.pick(['1', '4', '5', '7']) + r.digits(7)
      const all = head + luhn(head)
      return `${all.slice(0, 3)}${r.pick(['-', ' '])}${all.slice(3, 6)}-${all.slice(6)}`.replace(/ (\d+)-/, ' $1 ')
    },
  },
  cpf: {
    words: ['CPF', 'CPF nº', 'meu CPF é'],
    make: r => {
      const check = /** @param {string} head @param {number} from */ (head, from) => {
        const rest = ([...head].reduce((sum, digit, index) => sum + Number(digit) * (from - index), 0) * 10) % 11
        return String(rest % 10)
      }
      let head = r.digits(9)
      head += check(head, 10)
      head += check(head, 11)
      return r.pick([`${head.slice(0, 3)}.${head.slice(3, 6)}.${head.slice(6, 9)}-${head.slice(9)}`, head])
    },
  },
  rut: {
    words: ['RUT', 'RUN'],
    make: r => {
      const head = String(r.int(5_000_000, 25_000_000))
      const sum = [...head].reverse().reduce((all, digit, index) => all + Number(digit) * ((index % 6) + 2), 0)
      const check = elevenMinus(sum)
      return `${head.replace(/(\d{3})(\d{3})$/, '.$1.$2')}-${check === 11 ? '0' : check === 10 ? 'K' : check}`
    },
  },
  cuil: {
    words: ['CUIL', 'CUIT'],
    make: r => until(() => {
      const head = r.pick(['20', '27', '23']) + r.number(8)
      const check = elevenMinus(weighted(head, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]))
      return check === 10 ? undefined : `${head.slice(0, 2)}-${head.slice(2)}-${check % 11}`
    }), // biome-ignore format: short
  },
  curp: {
    words: ['CURP'],
    make: r => {
      const letters = 'BCDFGHLMNPRSTV'
      const head = `${r.chars(1, letters)}${r.pick(['A', 'E', 'O'])}${r.chars(2, letters)}${born(r)}${r.pick(['H', 'M'])}${r.pick(['DF', 'JC', 'NL', 'MC'])}${r.chars(3, letters)}0`
      const value = /** @param {string} sign */ sign => '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ'.indexOf(sign)
      const sum = [...head].reduce((all, sign, index) => all + value(sign) * (18 - index), 0)
      return `${head}${(10 - (sum % 10)) % 10}`
    },
  },
  aadhaar: {
    words: ['Aadhaar', 'Aadhaar number', 'आधार नंबर'],
    make: r => {
      const head = r.pick(['2', '3', '5', '7', '9']) + r.digits(10)
      const all = head + verhoeff(head)
      return r.pick([`${all.slice(0, 4)} ${all.slice(4, 8)} ${all.slice(8)}`, all])
    },
  },
  pan: {
    words: ['PAN', 'PAN card', 'Permanent Account Number'],
    make: r => `${r.chars(3, 'ABCDEFGHJKLMNPRS')}P${r.chars(1, 'ABDGKMRSV')}${r.number(4)}${r.chars(1, 'ABCDEFGHJKL')}`,
  },
  residentId: {
    words: ['身份证号', '身份证号码', '身份证'],
    make: r => {
      const { year, month, day } = dateOfBirth(r)
      const head = `${r.pick(['110105', '310104', '440305', '510107'])}${year}${month}${day}${r.pad(r.int(1, 999), 3)}`
      return head + '10X98765432'[weighted(head, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11]
    },
  },
  taiwanId: {
    words: ['身分證字號', '身分證'],
    make: r => {
      const letter = r.chars(1, 'ABCDEFGH')
      const code = 10 + 'ABCDEFGHJKLMNPQRSTUVXYWZIO'.indexOf(letter)
      const head = `${r.pick(['1', '2'])}${r.digits(7)}`
      const sum = Math.floor(code / 10) + (code % 10) * 9 + weighted(head, [8, 7, 6, 5, 4, 3, 2, 1])
      return `${letter}${head}${(10 - (sum % 10)) % 10}`
    },
  },
  rrn: {
    words: ['주민등록번호', '주민번호'],
    make: r => {
      const head = `${born(r)}${r.pick(['1', '2'])}${r.digits(5)}`
      const check = elevenMinus(weighted(head, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5])) % 10
      return `${head.slice(0, 6)}-${head.slice(6)}${check}`
    },
  },
  nric: {
    words: ['NRIC', 'NRIC No.', 'FIN'],
    make: r => {
      const first = r.pick(['S', 'T'])
      const head = r.digits(7)
      const sum = weighted(head, [2, 7, 6, 5, 4, 3, 2]) + (first === 'T' ? 4 : 0)
      return `${first}${head}${'JZIHGFEDCBA'[sum % 11]}`
    },
  },
  tfn: {
    words: ['TFN', 'Tax File Number'],
    make: r => until(() => {
      const head = r.number(8)
      const rest = weighted(head, [1, 4, 3, 7, 5, 8, 6, 9]) % 11
      return rest > 9 ? undefined : `${head.slice(0, 3)} ${head.slice(3, 6)} ${head.slice(6)}${rest}`
    }), // biome-ignore format: short
  },
  medicare: {
    words: ['Medicare number', 'Medicare card'],
    make: r => {
      const head = r.pick(['2', '3', '4', '5']) + r.digits(7)
      return `${head.slice(0, 4)} ${head.slice(4)}${weighted(head, [1, 3, 7, 9, 1, 3, 7, 9]) % 10} ${r.int(1, 5)}`
        .replace(/(\d{4}) (\d{4})(\d) (\d)/, '$1 $2$3 $4')
    }, // biome-ignore format: short
  },
  southAfricanId: {
    words: ['South African ID', 'ID number', 'SA ID'],
    make: r => {
      const head = `${born(r)}${r.digits(4)}08`
      return head + luhn(head)
    },
  },
  teudatZehut: {
    words: ['תעודת זהות', 'Teudat Zehut', 'ת.ז.'],
    make: r => {
      const head = r.number(8)
      const sum = [...head].reduce((all, digit, index) => {
        const product = Number(digit) * ((index % 2) + 1)
        return all + (product > 9 ? product - 9 : product)
      }, 0)
      return `${head}${(10 - (sum % 10)) % 10}`
    },
  },
  thaiId: {
    words: ['เลขประจำตัวประชาชน', 'เลขบัตรประชาชน'],
    make: r => {
      const head = r.pick(['1', '3', '5']) + r.digits(11)
      const check = elevenMinus(weighted(head, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2])) % 10
      return r.pick([head + check, `${head.slice(0, 1)}-${head.slice(1, 5)}-${head.slice(5, 10)}-${head.slice(10)}-${check}`])
    }, // biome-ignore format: short
  },
  hkid: {
    words: ['HKID', '香港身份證'],
    make: r => {
      const letter = r.chars(1, 'ABCDEGKMPRVYZ')
      const head = r.digits(6)
      const sum = 36 * 9 + (letter.charCodeAt(0) - 55) * 8 + weighted(head, [7, 6, 5, 4, 3, 2])
      const check = elevenMinus(sum) % 11
      return `${letter}${head}(${check === 10 ? 'A' : check})`
    },
  },
}
