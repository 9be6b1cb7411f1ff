// Strings of HTML in which every inserted value is escaped, unless it was itself made by `html`.
class Markup {
  constructor(source) {
    this.source = source;
  }
  toString() {
    return this.source;
  }
}

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(value) {
  if (value instanceof Markup) return value.source;
  if (Array.isArray(value)) return value.map(escaped).join('');
  if (value === null || value === undefined || value === false) return '';
  return String(value).replace(/[&<>"']/g, (character) => entities[character]);
}

export function html(parts, ...values) {
  return new Markup(parts.reduce((text, part, i) => text + escaped(values[i - 1]) + part));
}

export function fill(element, markup) {
  element.innerHTML = markup.toString();
}
