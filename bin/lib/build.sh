# Sourced by the scripts that run what Maven builds.

# Whether a file is absent or older than one of its sources: outdated FILE SOURCE...
outdated() {
  local built=$1 newer source
  shift
  for source in "$@"; do
    [[ -e $source ]] || fail "$source is not there, from which $built is built"
  done
  [[ -e $built ]] || return 0
  newer=$(find "$@" -type f -newer "$built" -not -path '*/target/*' -not -path '*/node_modules/*' -print -quit) || return 0
  [[ $newer ]]
}
