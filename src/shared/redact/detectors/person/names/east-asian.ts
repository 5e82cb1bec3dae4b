/** Chinese and Korean names: a family name of the usual ones and one or two characters. */

/** Nine in ten Chinese, simplified and traditional. */
const CHINESE =
  '王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易常武乔喬贺賀赖賴龚龔文欧歐'
const KOREAN =
  '김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국은편용'

/** Family names of two characters. */
const CHINESE_OF_TWO = /^(?:欧阳|歐陽|司马|司馬|上官|诸葛|諸葛|夏侯|皇甫|尉迟|公孙|公孫|慕容|司徒|令狐|端木)/

/** True for a text that is one Chinese name. */
export function isChineseName(text: string): boolean {
  if (!/^[\u4e00-\u9fff]{2,4}$/.test(text)) return false
  return CHINESE_OF_TWO.test(text) || (text.length < 4 && CHINESE.includes(text[0]!))
}

/** What a Korean sentence puts right behind a name. */
const KOREAN_ENDING = /^([\uac00-\ud7a3]{2,4}?)(?:입니다|이라고|라고|이에요|예요|이며|님|씨)(?![\uac00-\ud7a3]{3})/

/** A Korean name without what the sentence puts behind it: 김서연입니다. */
export function withoutKoreanEnding(text: string): string {
  return KOREAN_ENDING.exec(text)?.[1] ?? text
}

/** True for a text that is one Korean name. */
export function isKoreanName(text: string): boolean {
  return /^[\uac00-\ud7a3]{2,4}$/.test(text) && KOREAN.includes(text[0]!)
}
