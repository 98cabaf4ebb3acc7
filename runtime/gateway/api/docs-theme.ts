/** How the documentation page looks beyond Swagger UI's own style. */
export const DOCS_STYLE = `
.swagger-ui .topbar { background: #1d1b3a; padding: 12px 0; }
.swagger-ui .topbar .wrapper { padding: 0 20px; }
.swagger-ui .topbar .download-url-wrapper .select-label > span { white-space: nowrap; flex: none; padding-right: 12px; }
.swagger-ui .topbar .download-url-wrapper .select-label { max-width: 420px; }
.swagger-ui .topbar .download-url-wrapper .select-label select { border: 1px solid #6f66f0; box-shadow: none; }
.swagger-ui .info { margin: 32px 0; }
html:not(.dark-mode) .swagger-ui .info .title { color: #1d1b3a; }
html:not(.dark-mode) .swagger-ui .scheme-container { background: #f6f6fb; box-shadow: none; border: solid #e4e3f1; border-width: 1px 0; }
html:not(.dark-mode) .swagger-ui .btn.authorize { border-color: #4f46e5; color: #4f46e5; }
html:not(.dark-mode) .swagger-ui .btn.authorize svg { fill: #4f46e5; }
.swagger-ui .btn.execute { background: #4f46e5; border-color: #4f46e5; }
`;

/** The topbar's: a network of two plugins and a gateway, and the name. */
export const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 176 40" width="176" height="40">
<g fill="none" stroke="#8f88ff" stroke-width="3"><path d="M20 12 10 28M20 12l10 16"/></g>
<g fill="#8f88ff"><circle cx="20" cy="11" r="6"/><circle cx="10" cy="29" r="5"/><circle cx="30" cy="29" r="5"/></g>
<text x="46" y="28" font-family="system-ui,sans-serif" font-size="24" font-weight="600" fill="#fff">Plexica</text>
</svg>`;
