# Sourced by the scripts that run Java: sets `java` to a JDK 25's launcher, wherever it is, and stops where there is none.

is_25() { [[ -x $1 && $("$1" -version 2>&1) == *'version "25'* ]]; }

java=
for candidate in "${JAVA_HOME:-}/bin/java" "$(command -v java || true)" /usr/lib/jvm/*/bin/java \
  "$HOME"/.sdkman/candidates/java/*/bin/java "$HOME"/.jdks/*/bin/java; do
  if is_25 "$candidate"; then
    java=$candidate
    break
  fi
done
if [[ -z $java ]]; then
  echo "JDK 25 was not found. Install it (for example temurin-25-jdk), or set JAVA_HOME to it." >&2
  exit 1
fi
