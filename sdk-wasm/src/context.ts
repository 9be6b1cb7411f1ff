// What is known of the browser, in the contract's form.

/** Not yet in every browser. Where it is not, `Intl` is asked, which first loads its data: 15 ms and more in one task. */
type WithTemporal = { Temporal?: { Now: { timeZoneId(): string } } };

/** Screen, language, time zone. */
export const context = () => ({
  screen: [screen.width, screen.height],
  language: navigator.language,
  time_zone: (window as WithTemporal).Temporal?.Now.timeZoneId() ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
});
