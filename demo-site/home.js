// The start page: what is featured, and the ways into the range.
import './layout.js';
import { fill } from './markup.js';
import { featured, ways } from './shelves.js';

fill(document.getElementById('featured'), featured());
fill(document.getElementById('categories'), ways());
