# Debian packages: installs those that building and testing needs, and unpacks the two servers to
# test against, since installing would start them. Sourced after lib.sh.
# shellcheck shell=bash disable=SC2154

# shellcheck disable=SC2034 # for the scripts that source this
build_packages=(
    build-essential cmake ninja-build pkg-config util-linux
    libstrophe-dev libexpat1-dev libxml2-dev libssl-dev libsqlite3-dev libicu-dev libuv1-dev
    libinih-dev uthash-dev libjansson-dev libmicrohttpd-dev
)
# shellcheck disable=SC2034
test_packages=(libcmocka-dev openssl)
# shellcheck disable=SC2034
client_packages=(python3-slixmpp python3-nbxmpp python3-gi gir1.2-soup-3.0)

# The contents that show that a package is installed, under whatever name: a program, a pkg-config
# module or a header. Packages that are not listed contain a program of their name.
declare -A package_signs=(
    [build-essential]=cc [ninja-build]=ninja [util-linux]=setpriv
    [libstrophe-dev]=libstrophe.pc [libexpat1-dev]=expat.pc [libxml2-dev]=libxml-2.0.pc
    [libssl-dev]=libssl.pc [libsqlite3-dev]=sqlite3.pc [libicu-dev]=icu-uc.pc [libuv1-dev]=libuv.pc
    [libinih-dev]=ini.h [uthash-dev]=uthash.h [libjansson-dev]=jansson.pc
    [libmicrohttpd-dev]=libmicrohttpd.pc [libcmocka-dev]=cmocka.pc
)

as_root()
{
    if [[ $(id -u) == 0 ]]; then
        "$@"
    else
        sudo -- "$@"
    fi
}

# Asks for the sudo password, if any, before a command runs quietly.
root_needed() # WHY
{
    [[ $(id -u) != 0 ]] || return 0
    command -v sudo >/dev/null || die "$1 needs root, and sudo is not installed"
    sudo -v || die "$1 needs root, and sudo refused"
}

# Runs a command, and shows its output only when it fails.
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

has_apt()
{
    command -v apt-get dpkg-query >/dev/null
}

package_installed() # NAME
{
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed* ]]
}

# Can apt install it?
package_known() # NAME
{
    [[ $(apt-cache policy "$1" 2>/dev/null) == *'Candidate: '[^\(]* ]]
}

package_seen() # SIGN
{
    case $1 in
    *.pc) pkg-config --exists "${1%.pc}" 2>/dev/null ;;
    *.h) cc -E -include "$1" -x c /dev/null >/dev/null 2>&1 ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

# Without apt, the user has to install what is missing.
packages_look_for() # NAME...
{
    local name sign programs=() libraries=()
    for name; do
        sign=${package_signs[$name]:-$name}
        package_seen "$sign" && continue
        case $sign in
        *.pc | *.h) libraries+=("$sign") ;;
        *) programs+=("$sign") ;;
        esac
    done
    ((${#programs[@]} + ${#libraries[@]})) || return 0
    die "missing, and there is no apt to install it:" \
        "${programs[*]:+programs ${programs[*]}}${programs[*]:+${libraries[*]:+;}}" \
        "${libraries[*]:+libraries with ${libraries[*]}}"
}

packages_install() # NAME...
{
    local name missing=()
    if ! has_apt; then
        packages_look_for "$@"
        return
    fi
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

# Downloads packages and their missing dependencies and unpacks them into a folder, once. The system
# is not touched, and no maintainer script runs.
packages_unpack() # FOLDER NAME...
{
    local folder=$1 deb
    shift
    [[ $(cat "$folder/.complete" 2>/dev/null) != "$*" ]] || return 0
    has_apt || die "unpacking $1 needs apt"
    say "unpacking $1 into $folder"
    rm -rf -- "$folder"
    mkdir -p "$folder/.debs"
    # The existing package lists are tried first.
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

# REPLY: the library folders of unpacked packages. Some packages still use /lib, which is a link to
# /usr/lib on a system, but a folder here.
packages_libraries() # FOLDER
{
    local folder
    REPLY=
    for folder in "$1"/usr/lib/*-linux-gnu* "$1"/lib/*-linux-gnu*; do
        [[ ! -d $folder ]] || REPLY+=${REPLY:+:}$folder
    done
}

packages_download() # FOLDER NAME...
{
    local names
    names=$(packages_needed "${@:2}") && [[ $names ]] || return 1
    # shellcheck disable=SC2086
    (cd -- "$1" && apt-get -q -o APT::Sandbox::User=root download $names)
}

# What apt would install on an empty system, except what is installed here. The servers' own
# packages are always unpacked, because the servers look for them there.
packages_needed() # NAME...
{
    local name names
    names=$(apt-get -qq -s --no-install-recommends -o Dir::State::status=/dev/null \
        -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= install "$@") || return
    for name in $(awk '$1 == "Inst" { print $2 }' <<<"$names"); do
        case $name in
        prosody | lua* | ejabberd | erlang-*) say "$name" ;;
        *) package_installed "$name" || say "$name" ;;
        esac
    done
}
