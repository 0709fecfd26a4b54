# What is installed beside the programs, and the Debian package:
#   cmake -S . -B build/deb -G Ninja -DCMAKE_INSTALL_PREFIX=/usr && cmake --build build/deb --target package
# Installing that package starts and enables nothing.
set(DIST ${PROJECT_SOURCE_DIR}/component/dist)
set(COVEN_CONFIG_DIR ${CMAKE_INSTALL_FULL_SYSCONFDIR}/coven)

configure_file(${DIST}/coven.service ${PROJECT_BINARY_DIR}/dist/coven.service @ONLY)
configure_file(${DIST}/conffiles ${PROJECT_BINARY_DIR}/dist/conffiles @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/dist/coven.service DESTINATION lib/systemd/system)
install(FILES ${DIST}/covend.conf DESTINATION ${COVEN_CONFIG_DIR})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(FILES ${DIST}/covend.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
if(COVEN_TOOLS)
    file(GLOB TOOL_PAGES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tools/*/*.1)
    install(FILES ${TOOL_PAGES} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME coven)
set(CPACK_PACKAGE_VENDOR coven)
set(CPACK_PACKAGE_CONTACT "The coven developers <coven@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION "covend attaches to any XMPP server as an external component (XEP-0114) and
serves Multi-User Chat (XEP-0045) on a subdomain of its own. With it come a
small server to try it with, a runner for test scenarios, and a load generator.")
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/dist/conffiles)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
