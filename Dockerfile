# A static binary, alone in its image, for a user without rights:
#
#   docker build -t fieldproof .
#   docker run --rm -v "$PWD/docs:/docs:ro" fieldproof check
#   docker run --rm -v "$PWD/docs:/docs:ro" -p 4010:4010 fieldproof mock --host 0.0.0.0
FROM rust:1.95-alpine AS build
RUN apk add --no-cache ca-certificates make musl-dev
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY docs docs
COPY benches benches
COPY tests tests
RUN cargo build --profile dist --locked

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /build/target/dist/fieldproof /fieldproof
USER 65532:65532
WORKDIR /docs
EXPOSE 4010
ENTRYPOINT ["/fieldproof"]
CMD ["check"]
