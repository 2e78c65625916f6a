# The program alone, as a static binary: 8 MB, no shell, no libraries. Scenarios are mounted:
#
#   docker build -t firedrill .
#   docker run --rm --user "$(id -u)" -v "$PWD:/drills" firedrill compare region.toml
#
# `bash .ci/static` builds the same binary and tries it in an empty root.
FROM rust:1-slim AS build
WORKDIR /firedrill
COPY . .
ENV RUSTFLAGS="-C target-feature=+crt-static"
# The target is named so that the flags are not those of procedural macros, which cannot be static.
RUN target="$(rustc --print host-tuple)" \
 && cargo build --profile static --locked --target "$target" \
 && cp "target/$target/static/firedrill" /firedrill/firedrill-static

FROM scratch
COPY --from=build /firedrill/firedrill-static /firedrill
WORKDIR /drills
ENTRYPOINT ["/firedrill"]
