/** Names of common emoji; an unknown one stays `:name:`. */

const NAMES = {
  "+1": "👍", "-1": "👎", thumbsup: "👍", thumbsdown: "👎", wave: "👋", clap: "👏", pray: "🙏",
  raised_hands: "🙌", ok_hand: "👌", point_right: "👉", point_up: "☝️", muscle: "💪",
  handshake: "🤝", smile: "😄", smiley: "😃", grinning: "😀", slightly_smiling_face: "🙂",
  wink: "😉", blush: "😊", thinking_face: "🤔", neutral_face: "😐", confused: "😕",
  disappointed: "😞", worried: "😟", sob: "😭", joy: "😂", sunglasses: "😎", sweat_smile: "😅",
  heart: "❤️", blue_heart: "💙", green_heart: "💚", yellow_heart: "💛", broken_heart: "💔",
  tada: "🎉", confetti_ball: "🎊", sparkles: "✨", star: "⭐", star2: "🌟", fire: "🔥", zap: "⚡",
  rocket: "🚀", bulb: "💡", seedling: "🌱", herb: "🌿", four_leaf_clover: "🍀", sunny: "☀️",
  partly_sunny: "⛅", cloud: "☁️", rainbow: "🌈", snowflake: "❄️", wind_face: "🌬️",
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌",
  negative_squared_cross_mark: "❎", no_entry: "⛔", no_entry_sign: "🚫", warning: "⚠️",
  question: "❓", grey_question: "❔", exclamation: "❗", bangbang: "‼️", information_source: "ℹ️",
  red_circle: "🔴", large_blue_circle: "🔵", large_green_circle: "🟢", large_yellow_circle: "🟡",
  large_orange_circle: "🟠", white_circle: "⚪", black_circle: "⚫", small_blue_diamond: "🔹",
  calendar: "📅", spiral_calendar_pad: "🗓️", date: "📅", clock1: "🕐", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", alarm_clock: "⏰", stopwatch: "⏱️", bell: "🔔", no_bell: "🔕",
  mute: "🔇", loudspeaker: "📢", mega: "📣", speech_balloon: "💬", thought_balloon: "💭",
  left_speech_bubble: "🗨️", email: "📧", envelope: "✉️", inbox_tray: "📥", memo: "📝",
  pencil: "📝", pencil2: "✏️", clipboard: "📋", pushpin: "📌", round_pushpin: "📍", paperclip: "📎",
  link: "🔗", bar_chart: "📊", chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉",
  dart: "🎯", trophy: "🏆", medal: "🏅", checkered_flag: "🏁", triangular_flag_on_post: "🚩",
  key: "🔑", lock: "🔒", unlock: "🔓", mag: "🔍", gear: "⚙️", wrench: "🔧", hammer: "🔨",
  package: "📦", label: "🏷️", books: "📚", book: "📖", coffee: "☕", house: "🏠", office: "🏢",
  eyes: "👀", ear: "👂", raising_hand: "🙋", bust_in_silhouette: "👤", busts_in_silhouette: "👥",
  robot_face: "🤖", arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️",
  heavy_plus_sign: "➕", heavy_minus_sign: "➖", one: "1️⃣", two: "2️⃣", three: "3️⃣", four: "4️⃣",
  five: "5️⃣", zzz: "💤", snail: "🐌", turtle: "🐢", balloon: "🎈", gift: "🎁",
};

/** The character for an emoji's name, or null. */
export function emojiFor(name) {
  return NAMES[name.replace(/::skin-tone-\d$/, "")] ?? null;
}

/** Replace `:name:` in plain text. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => emojiFor(name) ?? whole);
}
