// Brings the files that pages and documents use from the packages to where they are served from.
import { copyFileSync, mkdirSync } from "node:fs";

const font = "node_modules/@fontsource-variable/source-sans-3/files/source-sans-3-";
const wanted = {
  "procure/static/fonts/source-sans-3-latin-wght-normal.woff2": `${font}latin-wght-normal.woff2`,
  "procure/static/fonts/source-sans-3-latin-ext-wght-normal.woff2": `${font}latin-ext-wght-normal.woff2`,
  "procure/static/fonts/source-sans-3-latin-wght-italic.woff2": `${font}latin-wght-italic.woff2`,
  "procure/static/fonts/source-sans-3-latin-ext-wght-italic.woff2": `${font}latin-ext-wght-italic.woff2`,
  "procure/static/vendor/govuk-frontend.min.js": "node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js",
};
for (const folder of ["procure/static/fonts", "procure/static/vendor"]) mkdirSync(folder, { recursive: true });
for (const [target, source] of Object.entries(wanted)) copyFileSync(source, target);
