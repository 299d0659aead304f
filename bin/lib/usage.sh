# Sourced by the scripts of bin/, after their `cd`: what each says about its own use.

# Prints the comment header of the running script.
usage() { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p;}' "bin/${0##*/}"; }

# Stops, since the script was called wrongly: misused WHY
misused() {
  echo "${0##*/}: $1; see bin/${0##*/} -h" >&2
  exit 2
}
