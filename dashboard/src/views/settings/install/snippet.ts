// What is put on a site's pages: by script tag, or by npm.

/** As text in a double-quoted attribute. A site of the collector's variable may be called anything. */
const quoted = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** `origin` is the collector's. */
export function scriptTag(origin: string, site: string): string {
  return `<script defer src="${origin}/p.js" data-site="${quoted(site)}"></script>`;
}

export const npmInstall = 'npm install passerby';

export function npmStart(origin: string, site: string): string {
  const text = (value: string) => `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
  return `import { init } from 'passerby';\n\ninit({ site: ${text(site)}, endpoint: ${text(`${origin}/e`)} });`;
}

export const ownEvent = "passerby.track('Signup', { plan: 'pro' });";
export const ownEventNpm = "import { track } from 'passerby';\n\ntrack('Signup', { plan: 'pro' });";
