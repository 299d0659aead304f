# Sourced by the scripts that run Java, after bin/lib/usage.sh: sets `java` to the launcher of a JDK 25, and stops if there
# is none.

# Java reads and writes file names in the locale's encoding. In the locale C, it cannot find a folder named josé.
export LC_ALL=C.UTF-8

is_25() {
  local version
  [[ -x $1 ]] && version=$("$1" -version 2>&1) && [[ $version == *'version "25'* ]]
}

java=
on_path=$(command -v java) || true
for candidate in "${JAVA_HOME:-}/bin/java" "$on_path" /usr/lib/jvm/*/bin/java \
  "${HOME:-}"/.sdkman/candidates/java/*/bin/java "${HOME:-}"/.jdks/*/bin/java; do
  if is_25 "$candidate"; then
    java=$candidate
    break
  fi
done
if [[ -z $java ]]; then
  fail "JDK 25 was not found. Install it (for example temurin-25-jdk), or set JAVA_HOME to it."
fi
