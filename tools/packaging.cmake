# What is installed beside the programs, and the two Debian packages:
#   cmake --build build --target package
# makes `coven`, the service, and `coven-tools`, what it is tried and tested with; always for /usr.
set(COVEN_DEB_REVISION 1 CACHE STRING "what stands behind the version in that of the Debian packages")
set(DIST ${PROJECT_SOURCE_DIR}/component/dist)

# Some files name others that are installed, and where those are is known only when it is done.
install(CODE "
    set(COVEN_DIST \"${DIST}\")
    set(COVEN_WRITTEN \"${PROJECT_BINARY_DIR}/dist\")
    set(COVEN_SBINDIR \"${CMAKE_INSTALL_SBINDIR}\")
    set(COVEN_SYSCONFDIR \"${CMAKE_INSTALL_SYSCONFDIR}\")
    set(COVEN_MANDIR \"${CMAKE_INSTALL_MANDIR}\")
    set(COVEN_DATADIR \"${CMAKE_INSTALL_DATADIR}\")"
    COMPONENT coven)
install(SCRIPT ${DIST}/install.cmake COMPONENT coven)
foreach(name covend covenctl)
    install(FILES ${DIST}/${name}.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
        RENAME ${name} COMPONENT coven)
endforeach()
install(FILES ${PROJECT_BINARY_DIR}/dist/covenctl.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT coven)
install(FILES ${DIST}/prometheus/coven.rules.yml ${DIST}/grafana/coven.json
    DESTINATION ${CMAKE_INSTALL_DATADIR}/coven COMPONENT coven)
# Prosody looks there without configuration with the prefix /usr, and in Debian with /usr/local.
install(FILES ${DIST}/prosody/mod_coven_multi.lua DESTINATION lib/prosody/modules COMPONENT coven)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/coven
    RENAME copyright COMPONENT coven)
add_subdirectory(${DIST}/ejabberd)
if(COVEN_TOOLS)
    install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/coven-tools
        RENAME copyright COMPONENT tools)
    file(GLOB TOOL_PAGES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tools/*/*.1)
    install(FILES ${TOOL_PAGES} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT tools)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME coven)
set(CPACK_PACKAGE_VENDOR coven)
set(CPACK_PACKAGE_CONTACT "The coven developers <coven@example.org>")
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
    GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL coven)
if(COVEN_TOOLS)
    list(APPEND CPACK_COMPONENTS_ALL tools)
endif()
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PRE_BUILD_SCRIPTS ${DIST}/debian/stage.cmake)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${COVEN_DEB_REVISION})
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each has one of its own
set(CPACK_DEBIAN_COVEN_PACKAGE_NAME coven)
set(CPACK_DEBIAN_COVEN_PACKAGE_SUGGESTS "prosody | ejabberd, coven-tools, sqlite3")
set(CPACK_DEBIAN_COVEN_DESCRIPTION "Multi-User Chat service for XMPP
covend attaches to any XMPP server as an external component (XEP-0114) and
serves chat rooms (XEP-0045) on a domain of its own. What is said and who is
inside is kept in a folder, and outlives restarts and upgrades.")
set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME coven-tools)
set(CPACK_DEBIAN_TOOLS_PACKAGE_SUGGESTS coven)
# Once there was one package with all of it.
set(CPACK_DEBIAN_TOOLS_PACKAGE_BREAKS "coven (<< 0.1.0-1)")
set(CPACK_DEBIAN_TOOLS_PACKAGE_REPLACES "coven (<< 0.1.0-1)")
set(CPACK_DEBIAN_TOOLS_DESCRIPTION "small XMPP server, load and tests for chat services
coven-shim is a small XMPP server to try a component with, coven-scenario
plays scripts against any server, coven-load loads a chat service and measures
it, coven-attack attacks one and tells what honest people lose by it, and
coven-crash looks whether the rooms of covend outlive what happens.")

# What dpkg runs and reads, and the changelogs that the staging script adds.
set(CPACK_COVEN_DEBIAN ${PROJECT_BINARY_DIR}/dist/debian)
foreach(name conffiles postinst prerm postrm)
    configure_file(${DIST}/debian/${name} ${CPACK_COVEN_DEBIAN}/${name} COPYONLY)
    list(APPEND CPACK_DEBIAN_COVEN_PACKAGE_CONTROL_EXTRA ${CPACK_COVEN_DEBIAN}/${name})
endforeach()
set(COVEN_DEB_VERSION ${PROJECT_VERSION}-${COVEN_DEB_REVISION})
foreach(name coven coven-tools)
    set(COVEN_DEB_NAME ${name})
    configure_file(${DIST}/debian/changelog ${CPACK_COVEN_DEBIAN}/${name}.changelog @ONLY)
endforeach()
include(CPack)
