// The demo shop, as far as shoppers know it: its range, which is the shop's own, and where on its pages things stand.

export type Money = { amount_minor: number; currency: string };
export type Product = { id: string; sku: string; name: string; category: string; price: Money };
type Range = { products: Product[]; productsMatching: (words: string) => Product[] };

export const { products, productsMatching } = (await import(new URL('../../demo-site/products.js', import.meta.url).href)) as Range;

/** The middle of an element, and its size, in ten-thousandths of its page's. */
type Spot = readonly [x: number, y: number, width: number, height: number];
export type Element = { text: string; desktop: Spot; phone: Spot };

const element = (text: string, desktop: Spot, phone: Spot): Element => ({ text, desktop, phone });

/** Elements by page and id, as they stand in windows 1440 and 390 pixels wide. */
export const elements: Record<string, Record<string, Element>> = {
  '/demo/': {
    'nav-list': element('Shop', [2061, 121, 315, 153], [992, 233, 1163, 117]),
    'nav-story': element('Story', [2554, 121, 337, 153], [2564, 233, 1243, 117]),
    'search-submit': element('', [8510, 121, 312, 157], [9013, 233, 1153, 119]),
    'hero-shop': element('See all gear', [1262, 1631, 1192, 193], [2610, 1086, 4399, 147]),
    'hero-story': element('Read the story', [2606, 1631, 1107, 178], [2454, 1260, 4088, 136]),
    'hero-title': element('Somewhere else is calling.', [2732, 773, 4131, 604], [4223, 524, 7625, 230]),
    'featured-all': element('All twelve things', [8873, 3158, 920, 91], [2109, 2288, 3397, 69]),
    'product-hausberg-28': element('Hausberg 28', [1677, 3917, 2021, 1259], [2603, 2693, 4385, 697]),
    'product-zugvogel-40': element('Zugvogel 40', [3892, 3917, 2021, 1259], [7397, 2693, 4385, 697]),
    'product-sternenzelt-2': element('Sternenzelt 2', [6108, 3917, 2021, 1259], [2603, 3446, 4385, 697]),
    'product-schnuerlregen': element('Schnürlregen', [8323, 3917, 2021, 1259], [7397, 3446, 4385, 697]),
    'category-bags': element('Bags', [2785, 5271, 4236, 571], [5000, 4167, 9179, 326]),
    'category-sleep': element('Sleep', [7215, 5271, 4236, 571], [5000, 4525, 9179, 326]),
    'teaser-story': element('Read on', [6097, 7525, 836, 157], [1954, 6813, 3088, 119]),
    'newsletter-submit': element('Sign up', [3328, 9587, 803, 161], [8108, 8648, 2964, 123]),
    'download-size-guide': element('Size guide (PDF)', [4742, 9327, 913, 120], [2095, 9027, 3370, 91]),
  },
  '/demo/list': {
    'filter-bags': element('Bags', [1424, 1489, 564, 228], [3208, 970, 2081, 148]),
    'filter-sleep': element('Sleep', [2065, 1489, 607, 228], [5574, 970, 2240, 148]),
    'list-title': element('All gear', [5000, 788, 8667, 306], [5000, 583, 9179, 131]),
    'product-hausberg-28': element('Hausberg 28', [1677, 2738, 2021, 1914], [2603, 1985, 4385, 907]),
    'product-zugvogel-40': element('Zugvogel 40', [3892, 2738, 2021, 1914], [7397, 1985, 4385, 907]),
    'product-katzensprung-4': element('Katzensprung 4', [6108, 2738, 2021, 1914], [2603, 2965, 4385, 907]),
    'product-sternenzelt-2': element('Sternenzelt 2', [8323, 2738, 2021, 1914], [7397, 2965, 4385, 907]),
    'product-murmeltier': element('Murmeltier +3', [1677, 4850, 2021, 1914], [2603, 3991, 4385, 998]),
    'product-nachtzug': element('Nachtzug set', [3892, 4850, 2021, 1914], [7397, 3945, 4385, 907]),
    'product-schnuerlregen': element('Schnürlregen', [6108, 4850, 2021, 1914], [2603, 5016, 4385, 907]),
    'product-gipfelwind': element('Gipfelwind', [8323, 4850, 2021, 1914], [7397, 5016, 4385, 907]),
    'product-quelle': element('Quelle', [1677, 6961, 2021, 1914], [2603, 5954, 4385, 822]),
    'product-fruehnebel': element('Frühnebel', [3892, 6961, 2021, 1914], [7397, 5954, 4385, 822]),
    'product-gluehwurm': element('Glühwurm', [6108, 6961, 2021, 1914], [2603, 6937, 4385, 998]),
    'product-logbuch': element('Logbuch', [8323, 6961, 2021, 1914], [7397, 6849, 4385, 822]),
  },
  '/demo/product': {
    'crumb-list': element('Shop', [797, 781, 260, 144], [890, 605, 960, 91]),
    'product-image': element('', [2866, 2882, 4100, 3400], [5000, 1410, 9179, 1360]),
    quantity: element('', [5842, 3052, 667, 327], [1641, 3605, 2462, 206]),
    'add-to-cart': element('Add to cart', [7810, 3052, 3046, 327], [6436, 3605, 6308, 206]),
    'go-to-cart': element('Go to cart', [6900, 3420, 620, 150], [4300, 3900, 2100, 110]),
    'nav-cart': element('Cart', [9097, 206, 473, 261], [8716, 119, 1747, 165]),
    'product-zugvogel-40': element('Zugvogel 40', [1677, 6604, 2021, 2136], [2603, 5582, 4385, 980]),
    'product-katzensprung-4': element('Katzensprung 4', [3892, 6604, 2021, 2136], [7397, 5582, 4385, 980]),
  },
  '/demo/cart': {
    'cart-more': element('+', [2393, 3333, 306, 467], [5410, 2098, 1128, 292]),
    'cart-remove': element('Remove', [2917, 3333, 451, 489], [3868, 2433, 1665, 306]),
    'cart-checkout': element('Go to checkout', [7790, 4488, 2684, 600], [5000, 4255, 8226, 376]),
    'cart-continue': element('Keep looking around', [7790, 5139, 2684, 489], [5000, 4663, 8226, 306]),
  },
  '/demo/checkout': {
    'checkout-next': element('Continue', [5215, 6549, 995, 423], [7276, 4432, 3674, 295]),
    'checkout-pay': element('Pay', [5215, 6549, 995, 423], [7276, 4432, 3674, 295]),
    'step-mark-payment': element('Payment', [4600, 1900, 900, 200], [7800, 1280, 2200, 120]),
  },
  '/demo/story': {
    'story-sling': element('Katzensprung', [3118, 2066, 903, 29], [6752, 1776, 3333, 25]),
    'story-set': element('mask and a longer blanket', [5947, 4981, 1723, 29], [4948, 4884, 9076, 63]),
    'story-torch': element('light that can be red', [5197, 5142, 1326, 29], [4652, 5097, 8483, 63]),
    'story-outbound': element('OpenStreetMap of Trieste', [6297, 9273, 1413, 27], [6004, 8963, 5217, 22]),
    'story-shop': element('Gear for the upper berth', [3776, 9391, 1817, 62], [4241, 9093, 6708, 52]),
  },
  '/demo/search': {
    'product-schnuerlregen': element('Schnürlregen', [1677, 4304, 2021, 3588], [2603, 3058, 4385, 2085]),
    'product-logbuch': element('Logbuch', [3892, 4304, 2021, 3588], [7397, 2961, 4385, 1890]),
  },
  '/demo/app/': { 'app-nav-orders': element('Orders', [1800, 1500, 500, 300], [3400, 1120, 1700, 200]) },
};
