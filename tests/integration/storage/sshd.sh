#!/usr/bin/env bash
# Run OpenSSH's server for SFTP alone, on loopback, until it is killed.
#   sshd.sh FOLDER PORT     FOLDER holds host_key and authorized_keys
# Where the machine has no sshd, the one from Debian's package is unpacked into a cache:
# installing the package would start a server on port 22. Run by root, the server and
# its sessions belong to nobody. Ends with 75 and a sentence where it cannot be had.
set -euo pipefail
folder="$1" port="$2"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/heartshare"

lacking() { echo "$1" >&2; exit 75; }

fetch() {
  command -v apt-get >/dev/null && command -v dpkg >/dev/null \
    || lacking "needs OpenSSH's server: apt-get install openssh-server"
  target="$cache/sshd-$(dpkg --print-architecture)"
  if [ ! -x "$target/usr/sbin/sshd" ]; then
    mkdir -p "$cache"
    partial="$(mktemp -d "$cache/.sshd-XXXXXX")"
    cd "$partial"
    download || { [ "$(id -u)" = 0 ] && apt-get update -qq && download; } \
      || lacking "openssh-server cannot be downloaded: apt-get install openssh-server"
    for package in *.deb; do dpkg -x "$package" .; done
    rm -f ./*.deb
    mv -T "$partial" "$target" 2>/dev/null || rm -rf "$partial"
    cd /
  fi
}

download() { apt-get -qq download openssh-server libwrap0 >/dev/null 2>&1; }

sshd="$(command -v sshd || ls /usr/sbin/sshd 2>/dev/null || true)"
target=""
[ -n "$sshd" ] || { fetch; sshd="$target/usr/sbin/sshd"; }

# A copy, since nobody may not be let into the folders above the cache.
mkdir -p "$folder/bin"
cp "$sshd" "$folder/bin/sshd"
find "$target/usr/lib" /usr/lib/openssh \( -name 'libwrap.so*' -o -name 'sshd-*' \) \
  -exec cp -P {} "$folder/bin/" \; 2>/dev/null || true
export LD_LIBRARY_PATH="$folder/bin"

# With PAM, since without it a server that may not read the shadow file takes every
# account for locked.
{
  printf '%s\n' "Port $port" "ListenAddress 127.0.0.1" "HostKey $folder/host_key" \
    "AuthorizedKeysFile $folder/authorized_keys" "PidFile none" "UsePAM yes" \
    "StrictModes no" "PasswordAuthentication no" "KbdInteractiveAuthentication no" \
    "Subsystem sftp internal-sftp" "ForceCommand internal-sftp" \
    "AllowTcpForwarding no" "MaxStartups 50"
  # From 9.8 on sessions are programs of their own.
  [ ! -x "$folder/bin/sshd-session" ] || echo "SshdSessionPath $folder/bin/sshd-session"
  [ ! -x "$folder/bin/sshd-auth" ] || echo "SshdAuthPath $folder/bin/sshd-auth"
} > "$folder/sshd_config"

if [ "$(id -u)" = 0 ]; then
  chown nobody "$folder" "$folder/host_key"
  exec setpriv --reuid nobody --regid nogroup --clear-groups \
    "$folder/bin/sshd" -D -e -f "$folder/sshd_config"
fi
exec "$folder/bin/sshd" -D -e -f "$folder/sshd_config"
