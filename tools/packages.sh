# Debian packages: those to build and test with are installed when missing; the two servers to test
# against are only unpacked, since installing them would start them. Sourced after lib.sh.
# shellcheck shell=bash disable=SC2154

# shellcheck disable=SC2034 # for those who source this
build_packages=(
    build-essential cmake ninja-build pkg-config
    libstrophe-dev libexpat1-dev libxml2-dev libssl-dev libsqlite3-dev libicu-dev libuv1-dev
    libinih-dev uthash-dev
)
# shellcheck disable=SC2034
test_packages=(clang-format libcmocka-dev openssl)

as_root()
{
    if [[ $(id -u) == 0 ]]; then
        "$@"
    else
        sudo -- "$@"
    fi
}

# Asks for the password, if sudo wants one, before anything is done quietly.
root_needed() # WHY
{
    [[ $(id -u) != 0 ]] || return 0
    command -v sudo >/dev/null || die "$1 needs root, and there is no sudo here"
    sudo -v || die "$1 needs root, and sudo refused"
}

# Runs quietly; what it printed is shown only when it failed.
quietly() # WHAT COMMAND...
{
    local what=$1
    shift
    temp_folder_make
    if ! "$@" >"$temp_folder/words" 2>&1 </dev/null; then
        cat "$temp_folder/words" >&2
        die "$what failed: $*"
    fi
}

package_lists_fresh=
package_lists_refresh()
{
    [[ -z $package_lists_fresh ]] || return 0
    root_needed "refreshing the package lists"
    quietly "refreshing the package lists" as_root apt-get -q update
    package_lists_fresh=yes
}

package_installed() # NAME
{
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

packages_install() # NAME...
{
    local name missing=()
    for name; do
        package_installed "$name" || missing+=("$name")
    done
    ((${#missing[@]})) || return 0
    root_needed "installing ${missing[*]}"
    say "installing ${missing[*]}"
    package_lists_refresh
    quietly "installing packages" as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -qy -o DPkg::Lock::Timeout=120 --no-install-recommends install "${missing[@]}"
}

# Downloads packages and unpacks them into a folder, once: nothing of the system is touched, no
# maintainer script runs.
packages_unpack() # FOLDER NAME...
{
    local folder=$1 deb
    shift
    [[ $(cat "$folder/.complete" 2>/dev/null) != "$*" ]] || return 0
    say "unpacking $1 into $folder"
    rm -rf -- "$folder"
    mkdir -p "$folder/.debs"
    # The lists on the machine are enough, if it has any that are not too old.
    if ! packages_download "$folder/.debs" "$@" >/dev/null 2>&1; then
        package_lists_refresh
        quietly "downloading packages" packages_download "$folder/.debs" "$@"
    fi
    for deb in "$folder"/.debs/*.deb; do
        dpkg -x "$deb" "$folder"
    done
    rm -rf -- "$folder/.debs"
    printf '%s\n' "$*" >"$folder/.complete"
}

packages_download() # FOLDER NAME...
{
    (cd -- "$1" && shift && apt-get -q -o APT::Sandbox::User=root download "$@")
}
