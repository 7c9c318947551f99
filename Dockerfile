# Node's own image brings Node, so the production parts are enough; no compiler is needed (better-sqlite3 ships its builds).
FROM node:24-slim AS parts
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:24-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080 \
    DATABASE_URL=file:/data/postilupa.db \
    MAIL_URL=outbox:/data/outbox
WORKDIR /app
COPY --from=parts /app/node_modules ./node_modules
# tsconfig.json is read when the service starts: it says how pages (.tsx) are compiled.
COPY package.json tsconfig.json LICENSE ./
COPY bin ./bin
COPY migrations ./migrations
COPY src ./src
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# SIGTERM lets messages in flight finish; give it 40 seconds (`docker stop --time 40`).
CMD ["node", "bin/postilupa.js", "serve"]
