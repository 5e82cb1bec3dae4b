// Numbers that states, banks and networks give to people: recognised by their check digits, by how they are printed, or by a
// word or key beside them. The numbers are the published examples of each scheme, or made up with the right check digit.
import { describe, expect, it } from 'vitest'
import { createRedactor, redact } from '../../src/shared/redact'

const masked: Record<string, [string, string][]> = {
  cards: [
    ['2200000000000004, 9792 0000 0000 0003', '[CARD], [CARD]'],
    ['1800 000000 00002 4111.1111.1111.1111', '[CARD] [CARD]'],
    ['card 560000000003, cc 4222222222222', 'card [CARD], cc [CARD]'],
    ['501800000009 and 6304000000000000', '[CARD] and [CARD]'],
  ],
  'by themselves': [
    ['SSN 123-45-6789, ITIN 912-70-1234', 'SSN [SSN], ITIN [SSN]'],
    ['86 095 742 719', '[NATIONAL_ID]'],
    ['1 85 05 78 006 084 91', '[NATIONAL_ID]'],
    ['529.982.247-25', '[NATIONAL_ID]'],
    ['811218-9876', '[NATIONAL_ID]'],
    ['20-12345678-6', '[NATIONAL_ID]'],
    ['12.345.678-5', '[NATIONAL_ID]'],
    ['756.9217.0769.85', '[NATIONAL_ID]'],
    ['11010519491231002X 110101199003074530', '[NATIONAL_ID] [NATIONAL_ID]'],
    ['1234-5678-9018', '[MY_NUMBER]'],
  ],
  'with letters': [
    ['DE89 3704 0044 0532 0130 00, gb29nwbk60161331926819.', '[IBAN], [IBAN].'],
    ['GB96 ABCD 1234 5678 9012 3, NI49BAMC00000000000000312312', '[IBAN], [IBAN]'],
    [String.raw`\nAB12345678CD\n`, String.raw`\n[RESIDENCE_CARD]\n`],
    ['旅券番号はTK1234567です', '旅券番号は[PASSPORT]です'],
    ['12345678Z X1234567L AB123456C', '[NATIONAL_ID] [NATIONAL_ID] [NATIONAL_ID]'],
    ['RSSMRA85M01H501Q 131052-308T', '[NATIONAL_ID] [NATIONAL_ID]'],
    ['A123456789 S1234567D ABCPE1234F', '[NATIONAL_ID] [NATIONAL_ID] [NATIONAL_ID]'],
    ['15070649C103 A123456(3) 12345678-Z AB 12 34 56 C', '[NATIONAL_ID] [NATIONAL_ID] [NATIONAL_ID] [NATIONAL_ID]'],
    ['1EG4-TE5-MK73 SMIT9801015JK2CD 11-22-123456-12', '[INSURANCE_NUMBER] [DRIVING_LICENCE] [DRIVING_LICENCE]'],
  ],
  'by a word': [
    ['my ssn is 123456789.', 'my ssn is [SSN].'],
    ['NHS number 943 476 5919', 'NHS number [NATIONAL_ID]'],
    ['BSN 111222333', 'BSN [NATIONAL_ID]'],
    ['111222333 (BSN)', '[NATIONAL_ID] (BSN)'],
    ['PESEL: 44051401359', 'PESEL: [NATIONAL_ID]'],
    ['SIN 046 454 286', 'SIN [NATIONAL_ID]'],
    ['T.C. Kimlik No 10000000146', 'T.C. Kimlik No [NATIONAL_ID]'],
    ['주민등록번호는 850102-1234567입니다', '주민등록번호는 [NATIONAL_ID]입니다'],
    ['個人番号：１２３４５６７８９０１８', '個人番号：[MY_NUMBER]'],
    ['運転免許証の番号は第301234567890号です', '運転免許証の番号は第[DRIVING_LICENCE]号です'],
    ['基礎年金番号：1234-567890', '基礎年金番号：[PENSION_NUMBER]'],
    ['渋谷支店 普通預金 1234567 ヤマダ', '渋谷支店 普通預金 [BANK_ACCOUNT] ヤマダ'],
    ['被保険者番号 12345678', '被保険者番号 [INSURANCE_NUMBER]'],
    ['account number: 12345678', 'account number: [BANK_ACCOUNT]'],
    ['numéro de compte 20041010050500013M02606', 'numéro de compte [BANK_ACCOUNT]'],
    ["driver's license F123-4567-8901, DL# F1234567", "driver's license [DRIVING_LICENCE], DL# [DRIVING_LICENCE]"],
    ['паспорт 45 08 123456', 'паспорт [PASSPORT]'],
    ['National insurance number: ZZ 32 94 05 T', 'National insurance number: [NATIONAL_ID]'],
    ['personnummer 811218-9875, ΑΦΜ 123456789', 'personnummer [NATIONAL_ID], ΑΦΜ [NATIONAL_ID]'],
    ['電話（携帯）：0171 2345678', '電話（携帯）：[PHONE]'],
  ],
  'by a key': [
    ['{"taxId":"52998224725","accountNumber":12345678}', '{"taxId":"[NATIONAL_ID]","accountNumber":"[BANK_ACCOUNT]"}'],
    [
      String.raw`{"a":"\n普通は1234567です\nRČ: 855101/1234"}`,
      String.raw`{"a":"\n普通は[BANK_ACCOUNT]です\nRČ: [NATIONAL_ID]"}`,
    ],
    ['card_number=4111+1111+1111+1111&iban=DE89+3704+0044+0532+0130+00', 'card_number=[CARD]&iban=[IBAN]'],
    ['<input name="dateOfBirth" value="1985-01-02">', '<input name="dateOfBirth" value="[DATE_OF_BIRTH]">'],
    ['<bsn>111222333</bsn>', '<bsn>[NATIONAL_ID]</bsn>'],
    ['| BSN | 111222333 |', '| BSN | [NATIONAL_ID] |'],
  ],
  'dates of birth': [
    ['dob 1985-01-02, born on 2 Jan 1985', 'dob [DATE_OF_BIRTH], born on [DATE_OF_BIRTH]'],
    ['Born January 2, 1985 in Kobe', 'Born [DATE_OF_BIRTH] in Kobe'],
    ['生年月日：昭和60年1月2日', '生年月日：[DATE_OF_BIRTH]'],
    ['1985年1月2日生まれ', '[DATE_OF_BIRTH]生まれ'],
    ['S60.1.2生、令和元年6月6日生まれ、1985/01/02生', '[DATE_OF_BIRTH]生、[DATE_OF_BIRTH]生まれ、[DATE_OF_BIRTH]生'],
    ['D.O.B.: 85-01-02, born on 1985-01-02T00:00:00Z', 'D.O.B.: [DATE_OF_BIRTH], born on [DATE_OF_BIRTH]'],
    ['Дата рождения: 2 января 1985, ur. 02.01.1985', 'Дата рождения: [DATE_OF_BIRTH], ur. [DATE_OF_BIRTH]'],
    ['생일은 1985. 1. 2.', '생일은 [DATE_OF_BIRTH].'],
    ['Geburtsdatum: 02.01.1985, né le 02/01/1985', 'Geburtsdatum: [DATE_OF_BIRTH], né le [DATE_OF_BIRTH]'],
    ['{"birth_date":"19850102","at":"1985-01-02"}', '{"birth_date":"[DATE_OF_BIRTH]","at":"1985-01-02"}'],
  ],
  addresses: [
    ['from 93.184.216.34:443', 'from [IP]:443'],
    ['GET /users/93.184.216.34', 'GET /users/[IP]'],
    ['client ip 8.8.8.8', 'client ip [IP]'],
    ['[2606:4700::6810:84e5]:443', '[[IP]]:443'],
    ['::ffff:93.184.216.34', '[IP]'],
    ['00:1A:2B:3C:4D:5E 00-1A-2B-3C-4D-5E', '[MAC] [MAC]'],
    ['map[mac:00:1a:2b:3c:4d:5e ip:93.184.216.34] seen/93.184.216.34', 'map[mac:[MAC] ip:[IP]] seen/[IP]'],
    ['DE-AD-BE-EF-0A-FF dead.beef.0aff f01a.2b3c.4d5e', '[MAC] [MAC] [MAC]'],
  ],
}

describe('masked', () => {
  for (const [kind, rows] of Object.entries(masked)) {
    it.each(rows)(`${kind}: %s`, (text, after) => {
      expect(redact(text)).toBe(after)
      expect(redact(after)).toBe(after)
    })
  }
})

it.each([
  '560000000003 4222222222222 order 501800000009 trace_id=4000000000000000006',
  '2024-11-05 1985/01/02 S60.1.2 85-01-02 PPS = 0x0201',
  '注文番号 1234-5678-9018、伝票番号：1234-5678-9018',
  '法人番号 7000012050002',
  'ORD-123-45-6789 000-12-3456 123-45-67890',
  '111222333 52998224725 943 476 5919 12345678',
  'DE89 3704 0044 0532 0130 01 TK1234567 12345678A S1234567A 131052-308A a1234567',
  '2024-01-02 2024年1月2日 1/2/2024 January 2, 2024 20240102',
  '口座の残高は1234567円',
  '1700000000 1700000000000 1700000000000000000 20240102 20240102030405',
  '10.0.0.1 127.0.0.1 192.168.1.1 172.16.0.1 169.254.1.1 100.64.0.1 0.0.0.0 255.255.255.0',
  'v1.2.3.4 version 93.184.216.34 Chrome/126.0.6478.127 バージョン 12.34.56.78 lib-93.4.56.7 RFC 7540 8.1.2.4',
  'fe80::1%eth0 ::1 ::ffff:10.0.0.1 fd00::1 12:34:56 std::abc a::b',
  '00:00:00:00:00:00 ff:ff:ff:ff:ff:ff AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01',
])('passes: %s', text => {
  expect(redact(text)).toBe(text)
})

it.each([
  ['client.address', '93.184.216.34', '[IP]'],
  ['network.peer.address', '93.184.216.34', '[IP]'],
  ['server.address', '93.184.216.34', '93.184.216.34'],
  ['host.ip', ['2606:4700::6810:84e5'], ['2606:4700::6810:84e5']],
  ['user.ssn', '123456789', '[SSN]'],
  ['my_number', '123456789018', '[MY_NUMBER]'],
  ['order.id', '111222333', '111222333'],
])('the attribute %s', (key, value, after) => {
  expect(createRedactor({ content: 'redacted' }).value(key, value)).toEqual(after)
})

// The groups of a long row at which no number can begin are gone past without asking the rules.
describe('in the middle of a row of thousands of numbers', () => {
  const ROW = '12 34 5 678 0.25 -17 40-50 '.repeat(80)

  it.each([
    ['4111 1111 1111 1111', '[CARD]'],
    ['4111111111111111', '[CARD]'],
    ['3782 822463 10005', '[CARD]'],
    ['378282246310005', '[CARD]'],
    ['123-45-6789', '[SSN]'],
    ['1 212-555-0123', '[PHONE]'],
    ['212-555-0123', '[PHONE]'],
    ['(212) 555-0123', '[PHONE]'],
    ['+44 20 7946 0958', '[PHONE]'],
    ['001 212 555 0123', '[PHONE]'],
    ['090-1234-5678', '[PHONE]'],
    ['09012345678', '[PHONE]'],
    ['03-1234-5678', '[PHONE]'],
    ['0120-123-456', '[PHONE]'],
    ['756.1234.5678.97', '[NATIONAL_ID]'],
    ['529.982.247-25', '[NATIONAL_ID]'],
    ['20-12345678-6', '[NATIONAL_ID]'],
    ['12.345.678-5', '[NATIONAL_ID]'],
    ['900101-1234567', '[NATIONAL_ID]'],
    ['811218-9876', '[NATIONAL_ID]'],
    ['8001015009087', '[NATIONAL_ID]'],
    ['93.184.216.34', '[IP]'],
    ['00-1a-2b-3c-4d-5e', '[MAC]'],
    ['12-34-56-78-90-12', '[MAC]'],
    ['passport 471181523', 'passport [PASSPORT]'],
  ])('%s is found', (value, mask) => {
    expect(redact(`${ROW}${value} ${ROW}`)).toBe(`${ROW}${mask} ${ROW}`)
  })
})
