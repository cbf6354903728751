#!/usr/bin/env bash
# Builds docker/Dockerfile as it is where no container registry can be reached: on base images made from Debian packages and the .NET of this machine.
#
#   docker/build-without-registry.sh FOLDER [BUILD-ARG...]
#
# Needs root, buildah, mmdebstrap and the .NET SDK. Packages come from the configured NuGet source, or from the folder NUGET_PACKAGES if it is set.
# Afterwards FOLDER/rootfs is the file system of the image, FOLDER/config.json its configuration; FOLDER/storage holds the image itself
# (buildah --root FOLDER/storage push actortrading docker-archive:actortrading.tar writes it to a file for other machines).
set -euo pipefail

folder=$(realpath -m "$1"); shift
source=$(realpath "$(dirname "$0")/..")
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
mkdir -p "$folder"
storage=(buildah --root "$folder/storage" --runroot "$folder/run")

# base TAG PACKAGES...: an image of the files of these Debian packages and of what the function `fill` adds to them.
base() {
  local tag=$1 root="$folder/base"; shift
  rm -rf "$root"
  mmdebstrap --quiet --variant=extract --include="$(IFS=,; echo "$*")" "$(. /etc/os-release; echo "$VERSION_CODENAME")" "$root" >&2
  mkdir -p "$root/tmp" "$root/etc/ssl/certs"; chmod 1777 "$root/tmp"
  # Nothing of a package is run, so that what their scripts would have made is made here.
  printf 'root:x:0:0:root:/root:/bin/sh\napp:x:1654:1654::/home/app:/bin/false\n' >"$root/etc/passwd"
  printf 'root:x:0:\napp:x:1654:\n' >"$root/etc/group"
  mkdir -p "$root/root" "$root/home/app"
  cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  mkdir -p "$root$dotnet"
  fill "$root$dotnet"
  local container; container=$("${storage[@]}" from scratch)
  "${storage[@]}" add "$container" "$root" / >/dev/null
  "${storage[@]}" config --env PATH="$dotnet:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" --env DOTNET_ROOT="$dotnet" \
    --env SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt --env DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$container"
  "${storage[@]}" commit --quiet --rm "$container" "$tag" >/dev/null
  rm -rf "$root"
}

argument() { sed -n "s/^ARG $1=//p" "$source/docker/Dockerfile"; }

# The SDK is not copied: it is mounted for the build.
fill() { :; }
base "$(argument SDK_IMAGE)" base-files dash coreutils libc6 libgcc-s1 libssl3 libstdc++6 zlib1g
# Like the chiselled image, the runtime has no shell and no package manager.
fill() { cp -a "$dotnet/dotnet" "$dotnet/host" "$1"; mkdir "$1/shared"; cp -a "$dotnet"/shared/Microsoft.{NETCore,AspNetCore}.App "$1/shared"; }
base "$(argument RUNTIME_IMAGE)" base-files libc6 libgcc-s1 libssl3 libstdc++6 zlib1g

arguments=(); for argument in "$@"; do arguments+=(--build-arg "$argument"); done
volumes=(--volume "$dotnet:$dotnet:ro")
[ -n "${NUGET_PACKAGES:-}" ] && volumes+=(--volume "$NUGET_PACKAGES:/root/.nuget/packages")
"${storage[@]}" bud --isolation chroot --pull-never --format docker --layers=false "${arguments[@]}" "${volumes[@]}" -t actortrading -f "$source/docker/Dockerfile" "$source"

"${storage[@]}" inspect --type image actortrading >"$folder/config.json"
container=$("${storage[@]}" from --pull-never actortrading)
rm -rf "$folder/rootfs"; mkdir "$folder/rootfs"
cp -a "$("${storage[@]}" mount "$container")/." "$folder/rootfs/"
"${storage[@]}" umount "$container" >/dev/null
"${storage[@]}" rm "$container" >/dev/null
