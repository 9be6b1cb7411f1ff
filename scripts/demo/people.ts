// Who comes: where they live, and which browser they have. One number of one day is one person, for good.

import { type Random, type Weighted, chance, hex, pick } from './chance.ts';

type Home = { country: string; region: string; city: string; language: string; timeZone: string; hoursAhead: number };

/** What of a browser tells: its user agent, its screen, and its window where that is another. */
type Device = { agent: string; screen: readonly [number, number]; window: readonly [number, number]; isPhone: boolean };

export type Person = { visitor: string; home: Home; device: Device };

const home = (country: string, region: string, city: string, language: string, timeZone: string, hoursAhead: number): Home =>
  ({ country, region: `${country}-${region}`, city, language, timeZone, hoursAhead });

const homes: Weighted<Home> = [
  [home('DE', 'BE', 'Berlin', 'de-DE', 'Europe/Berlin', 1), 13],
  [home('DE', 'BY', 'Munich', 'de-DE', 'Europe/Berlin', 1), 10],
  [home('DE', 'HH', 'Hamburg', 'de-DE', 'Europe/Berlin', 1), 5],
  [home('AT', '9', 'Vienna', 'de-AT', 'Europe/Vienna', 1), 11],
  [home('AT', '5', 'Salzburg', 'de-AT', 'Europe/Vienna', 1), 4],
  [home('KR', '11', 'Seoul', 'ko-KR', 'Asia/Seoul', 9), 12],
  [home('KR', '26', 'Busan', 'ko-KR', 'Asia/Seoul', 9), 3],
  [home('US', 'NY', 'New York', 'en-US', 'America/New_York', -5), 8],
  [home('US', 'CA', 'San Francisco', 'en-US', 'America/Los_Angeles', -8), 5],
  [home('GB', 'ENG', 'London', 'en-GB', 'Europe/London', 0), 7],
  [home('CH', 'ZH', 'Zurich', 'de-CH', 'Europe/Zurich', 1), 5],
  [home('FR', 'IDF', 'Paris', 'fr-FR', 'Europe/Paris', 1), 4],
  [home('IT', '36', 'Trieste', 'it-IT', 'Europe/Rome', 1), 4],
  [home('NL', 'NH', 'Amsterdam', 'nl-NL', 'Europe/Amsterdam', 1), 3],
  [home('JP', '13', 'Tokyo', 'ja-JP', 'Asia/Tokyo', 9), 3],
  [home('CA', 'ON', 'Toronto', 'en-CA', 'America/Toronto', -5), 2],
  [home('AU', 'NSW', 'Sydney', 'en-AU', 'Australia/Sydney', 11), 2],
  [home('BR', 'SP', 'São Paulo', 'pt-BR', 'America/Sao_Paulo', -3), 1],
  [home('IN', 'KA', 'Bengaluru', 'en-IN', 'Asia/Kolkata', 5.5), 1],
  [home('ES', 'MD', 'Madrid', 'es-ES', 'Europe/Madrid', 1), 1],
];

const desktop = (agent: string, screen: readonly [number, number]): Device => ({ agent: `Mozilla/5.0 (${agent}`, screen, window: [screen[0], screen[1] - 140], isPhone: false });
const phone = (agent: string, screen: readonly [number, number]): Device => ({ agent: `Mozilla/5.0 (${agent}`, screen, window: [screen[0], screen[1] - 120], isPhone: true });
const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0';

const devices: Weighted<Device> = [
  [desktop(`Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36`, [1920, 1080]), 22],
  [desktop(`Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36 Edg/142.0.0.0`, [1536, 864]), 7],
  [desktop('Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15', [1440, 900]), 12],
  [desktop('Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0', [1920, 1080]), 5],
  [desktop(`X11; Linux x86_64) ${chrome} Safari/537.36`, [2560, 1440]), 2],
  [phone('iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1', [390, 844]), 26],
  [phone(`Linux; Android 15; K) ${chrome} Mobile Safari/537.36`, [412, 915]), 15],
  [phone('Linux; Android 15; SM-S931N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36', [360, 780]), 8],
  [{ ...desktop('iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1', [820, 1180]) }, 3],
];

/** The person of this number among those who came first on this day. */
export function person(day: number, number: number): Person {
  const random = chance(day, number, 1);
  return { visitor: hex(random, 32), home: pick(random, homes), device: pick(random, devices) };
}

/** An hour and minutes of somebody's own day in which they have time: little in the night, most in the evening. */
export function freeHour(random: Random): number {
  for (;;) {
    const hour = random() * 24;
    const share = hour < 6 ? 0.06 : hour < 9 ? 0.35 : hour < 17 ? 0.6 : hour < 22 ? 1 : 0.4;
    if (random() < share) return hour;
  }
}
