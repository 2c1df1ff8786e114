/** Moments as the person who looks would read them: in their zone and language. */

import { me, state } from "../state.js";

/** @param {number} seconds since 1970 */
const moment = (seconds) => new Date(seconds * 1000);

/** Making a formatter is slow, so each is made once. */
const formatters = new Map();

function formatter(locale, options) {
  const key = `${locale} ${JSON.stringify(options)}`;
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat(locale, options));
  return formatters.get(key);
}

function format(seconds, options, locale = me().locale) {
  return formatter(locale, { timeZone: me().tz, ...options }).format(moment(seconds));
}

/** The calendar day in the person's zone, as 2026-03-02. */
export function dayKey(seconds, zone = me().tz) {
  const parts = { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" };
  return formatter("en-CA", parts).format(moment(seconds));
}

/** The time of day, such as 9:05 AM. */
export const clock = (seconds) => format(seconds, { hour: "numeric", minute: "2-digit" });

/** Day and time in full, for tooltips and screen readers. */
export const inFull = (seconds) => format(seconds, { dateStyle: "full", timeStyle: "short" });

function nearDay(seconds) {
  const key = dayKey(seconds);
  const near = { [-86400]: "yesterday", 0: "today", 86400: "tomorrow" };
  const shift = Object.keys(near).find((by) => dayKey(state.now + Number(by)) === key);
  return shift === undefined ? null : near[shift];
}

/** A heading between days: Today, Yesterday or Tuesday, March 3. */
export function dayHeading(seconds) {
  const near = nearDay(seconds);
  if (near && near !== "tomorrow") return near[0].toUpperCase() + near.slice(1);
  const sameYear = dayKey(seconds).slice(0, 4) === dayKey(state.now).slice(0, 4);
  const year = sameYear ? {} : { year: "numeric" };
  return format(seconds, { weekday: "long", month: "long", day: "numeric", ...year });
}

function ordinal(day) {
  const ending = day % 100 > 10 && day % 100 < 14 ? "th" : ["th", "st", "nd", "rd"][day % 10];
  return `${day}${ending ?? "th"}`;
}

function ago(seconds) {
  const away = seconds - state.now;
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const [unit, size] = units.find(([, length]) => Math.abs(away) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat("en").format(Math.round(away / size), unit);
}

function part(name, seconds) {
  const plain = name.replace(/_pretty$/, "");
  if (plain !== name) {
    const near = nearDay(seconds);
    if (near) return near;
  }
  const english = (options) => format(seconds, options, "en-US");
  const day = ordinal(Number(dayKey(seconds).slice(8)));
  const [year, month, date] = dayKey(seconds).split("-");
  const makers = {
    date_num: () => `${year}-${month}-${date}`,
    date_slash: () => `${month}/${date}/${year}`,
    date: () => `${english({ month: "long" })} ${day}, ${year}`,
    date_short: () => english({ month: "short", day: "numeric", year: "numeric" }),
    date_long: () => `${english({ weekday: "long" })}, ${english({ month: "long" })} ${day}, ${year}`,
    day_divider: () => `${english({ weekday: "long" })}, ${english({ month: "long" })} ${day}`,
    time: () => clock(seconds),
    time_secs: () => format(seconds, { timeStyle: "medium" }),
    ago: () => ago(seconds),
  };
  return makers[plain]?.() ?? `{${name}}`;
}

/** The text of a `<!date^…>`; null when it cannot be read. */
export function dateText(timestamp, form) {
  const seconds = Number(timestamp);
  if (!Number.isFinite(seconds)) return null;
  return form.replace(/\{(\w+)\}/g, (whole, name) => part(name, seconds));
}

/** A wall clock time in the person's zone (2026-03-02T09:30) as seconds since 1970. */
export function fromWall(wall) {
  const asUtc = Date.parse(`${wall}:00Z`) / 1000;
  const guess = asUtc - offset(asUtc);
  return asUtc - offset(guess);
}

/** Seconds since 1970 as a wall clock time in the person's zone. */
export function toWall(seconds) {
  return new Date((seconds + offset(seconds)) * 1000).toISOString().slice(0, 16);
}

function offset(seconds) {
  const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit" };
  const style = { timeZone: me().tz, hourCycle: "h23", minute: "2-digit", second: "2-digit", ...parts };
  const shown = formatter("en-CA", style).formatToParts(moment(seconds));
  const at = Object.fromEntries(shown.map(({ type, value }) => [type, value]));
  const wall = Date.parse(`${at.year}-${at.month}-${at.day}T${at.hour}:${at.minute}:${at.second}Z`);
  return wall / 1000 - Math.floor(seconds);
}
