/**
 * Japanese area codes: Ministry of Internal Affairs and Communications, "市外局番の一覧". A
 * number 0A-B-CCCC of ten digits counts when it begins with one of them.
 */

/** Codes of three digits, 0 included. */
const THREE =
  '011 015 017 018 019 022 023 024 025 026 027 028 029 042 043 044 045 046 047 048 049 052 053 054 055 058 059 072 073 075 076 077 078 079 ' +
  '082 083 084 086 087 088 089 092 093 095 096 097 098 099'
/** Codes of four digits: three of them, then each last digit. */
const FOUR =
  '012:3456 013:3456789 014:23456 015:2345678 016:234567 017:2345689 018:234567 019:1234578 022:0345689 023:34578 ' +
  '024:01234678 025:0456789 026:013456789 027:046789 028:02345789 029:1345679 042:28 043:689 046:03567 047:05689 048:0 ' +
  '049:345 053:1236789 054:4578 055:01345678 056:123456789 057:2345678 058:14567 059:456789 072:15 073:56789 ' +
  '074:023456789 076:135678 077:01234689 079:01456789 082:034679 083:345678 084:5678 085:23456789 086:356789 087:579 ' +
  '088:034579 089:2345678 092:0 093:0 094:02346789 095:0245679 096:456789 097:234789 098:0234567 099:34567'
const FIVE =
  '01267 01372 01374 01377 01392 01397 01398 01456 01457 01466 01547 01558 01564 01586 01587 01632 01634 01635 01648 01654 01655 01656 ' +
  '01658 04992 04994 04996 04998 05769 05979 07468 08387 08388 08396 08477 08512 08514 09496 09802 09912 09913 09969'

const areas = new Set(
  ['03', '04', '06', ...THREE.split(' '), ...FIVE.split(' ')].concat(
    FOUR.split(' ').flatMap(entry => [...entry.slice(4)].map(last => entry.slice(0, 3) + last)),
  ),
)

/** True for an area code, as it is written between the joints. */
export function isArea(code: string): boolean {
  return areas.has(code)
}

/** True for ten digits that begin with an area code. */
export function beginsWithArea(digits: string): boolean {
  return [2, 3, 4, 5].some(size => areas.has(digits.slice(0, size)))
}
