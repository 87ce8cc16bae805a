/** `import css from 'text:uplot/dist/uPlot.min.css'` gives the file's content; the build inlines it (scripts/bundle.mjs). */
declare module 'text:*' {
  const content: string;
  export default content;
}
