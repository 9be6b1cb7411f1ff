// The range: the one place where products, their prices and their texts are kept.
const eur = (amount_minor) => ({ amount_minor, currency: 'EUR' });
const bodySizes = ['XS', 'S', 'M', 'L', 'XL'];

export const categories = [
  { id: 'bags', name: 'Bags', line: 'For an hour, a weekend, a year.' },
  { id: 'sleep', name: 'Sleep', line: 'Anywhere is a bedroom.' },
  { id: 'wear', name: 'Wear', line: 'Weather is just scenery.' },
  { id: 'kit', name: 'Small kit', line: 'The things you reach for first.' },
];

export const products = [
  {
    id: 'hausberg-28', sku: 'FW-1028', name: 'Hausberg 28', category: 'bags', image: 'hausberg', price: eur(11900), featured: true,
    kind: 'Day pack, 28 litres',
    text: 'Named after the hill behind the house, the one you climb before breakfast. Opens flat like a suitcase, carries like a mountain pack, and fits under the seat of every airline we have argued with.',
    facts: { Volume: '28 l', Weight: '890 g', Fabric: 'Recycled nylon, 210 denier', Laptop: 'Up to 15 inches' },
  },
  {
    id: 'zugvogel-40', sku: 'FW-1040', name: 'Zugvogel 40', category: 'bags', image: 'zugvogel', price: eur(14900), featured: true,
    kind: 'Duffel, 40 litres',
    text: 'A migratory bird of a bag. Two handles, two hidden shoulder straps, one opening wide enough to find the socks at the bottom. Sized to the luggage rack of a sleeping car.',
    facts: { Volume: '40 l', Weight: '1,150 g', Fabric: 'Waxed canvas', Carry: 'Hand, shoulder, back' },
  },
  {
    id: 'katzensprung-4', sku: 'FW-1004', name: 'Katzensprung 4', category: 'bags', image: 'katzensprung', price: eur(4900),
    kind: 'Sling, 4 litres',
    text: 'A cat’s leap: that is how far you are going. Passport, phone, a paperback and a pretzel. The buckle works with one hand, because the other one is holding the pretzel.',
    facts: { Volume: '4 l', Weight: '240 g', Fabric: 'Recycled nylon, 210 denier', Strap: '70 to 130 cm' },
  },
  {
    id: 'sternenzelt-2', sku: 'FW-2002', name: 'Sternenzelt 2', category: 'sleep', image: 'sternenzelt', price: eur(38900), featured: true,
    kind: 'Tent for two',
    text: 'One pole, two doors, and a roof that unzips on clear nights. Stands in four minutes; in six if you are being watched by the neighbours.',
    facts: { Sleeps: '2', Weight: '1,980 g', 'Water column': '3,000 mm', Packed: '44 × 14 cm' },
  },
  {
    id: 'murmeltier', sku: 'FW-2010', name: 'Murmeltier +3', category: 'sleep', image: 'murmeltier', price: eur(17900),
    kind: 'Sleeping bag, comfort 3 °C',
    text: 'Marmots sleep six months a year and know what they are doing. Synthetic filling that stays warm when damp, a foot box with room for feet, and a zip that does not bite.',
    facts: { Comfort: '3 °C', Limit: '−2 °C', Weight: '1,240 g', Length: 'Up to 190 cm' },
  },
  {
    id: 'nachtzug', sku: 'FW-2021', name: 'Nachtzug set', category: 'sleep', image: 'nachtzug', price: eur(4200),
    kind: 'Eye mask and blanket',
    text: 'Everything the upper berth lacks: darkness, and a blanket long enough for all of you. Packs into its own pillow case.',
    facts: { Blanket: '200 × 130 cm', Weight: '410 g', Fabric: 'Merino and Tencel', Care: '30 °C, gently' },
  },
  {
    id: 'schnuerlregen', sku: 'FW-3007', name: 'Schnürlregen', category: 'wear', image: 'schnuerlregen', price: eur(21900), featured: true, sizes: bodySizes,
    kind: 'Rain shell, three layers',
    text: 'Salzburg has a word for rain that falls like string. We have a jacket for it. Sealed seams, a hood that turns with your head, and pockets above the hip belt.',
    facts: { 'Water column': '20,000 mm', Weight: '365 g', Fabric: 'Three layers, PFAS-free', Packs: 'Into its left pocket' },
  },
  {
    id: 'gipfelwind', sku: 'FW-3015', name: 'Gipfelwind', category: 'wear', image: 'gipfelwind', price: eur(3600), sizes: ['S/M', 'L/XL'],
    kind: 'Merino beanie',
    text: 'For the ten cold minutes at the top that you climbed four hours for. Knitted in one piece in the Allgäu; the bobble comes off with a button.',
    facts: { Wool: '100 % merino', Weight: '85 g', Made: 'Allgäu, Germany', Care: 'Wool cycle' },
  },
  {
    id: 'quelle', sku: 'FW-4003', name: 'Quelle', category: 'kit', image: 'quelle', price: eur(3400),
    kind: 'Insulated bottle, 0.75 l',
    text: 'Fill it at the village spring and it is still the village spring at the summit. Keeps tea hot for twelve hours and never sweats into your bag.',
    facts: { Volume: '0.75 l', Weight: '345 g', Material: 'Steel, double wall', Lid: 'Opens with gloves on' },
  },
  {
    id: 'fruehnebel', sku: 'FW-4008', name: 'Frühnebel', category: 'kit', image: 'fruehnebel', price: eur(1800),
    kind: 'Enamel mug, 0.35 l',
    text: 'Morning fog, first coffee. Goes on the fire, into the dishwasher and, sooner or later, to a friend who will not give it back.',
    facts: { Volume: '0.35 l', Weight: '130 g', Material: 'Enamelled steel', Made: 'Lower Austria' },
  },
  {
    id: 'gluehwurm', sku: 'FW-4012', name: 'Glühwurm', category: 'kit', image: 'gluehwurm', price: eur(4400),
    kind: 'Head torch, 300 lumen',
    text: 'A glow-worm for reading, a searchlight for the way back from the lake. Red light that keeps your tent-mate asleep. Charges from any USB-C plug.',
    facts: { Light: '5 to 300 lumen', Weight: '72 g', Burns: '6 to 90 h', Sealed: 'IPX7' },
  },
  {
    id: 'logbuch', sku: 'FW-4020', name: 'Logbuch', category: 'kit', image: 'logbuch', price: eur(1600),
    kind: 'Notebook, 160 pages',
    text: 'Paper that takes ink on a swaying train, a pocket for tickets, and a pencil on a string because the last one rolled under the seat.',
    facts: { Pages: '160, dotted', Size: '14 × 20 cm', Paper: '90 g, stone-based', Cover: 'Cloth' },
  },
];

export function productById(id) {
  return products.find((product) => product.id === id);
}

export function categoryById(id) {
  return categories.find((category) => category.id === id);
}

/** Products in which every word of the query occurs, in the order of the range. An empty query matches nothing. */
export function productsMatching(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return products.filter((product) => {
    const text = [product.name, product.kind, product.text, categoryById(product.category).name].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
