# Run by CPack after it has installed each package's files into a folder: adds what only Debian's
# packages have, a changelog and compressed manual pages.
find_program(GZIP gzip REQUIRED)

foreach(component ${CPACK_COMPONENTS_ALL})
    string(TOUPPER ${component} upper)
    set(package ${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
    set(share ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${component}${CPACK_INSTALL_PREFIX}/share)
    set(changelog ${share}/doc/${package}/changelog.Debian)
    configure_file(${CPACK_COVEN_DEBIAN}/${package}.changelog ${changelog} COPYONLY)
    file(GLOB pages ${share}/man/man*/*)
    execute_process(COMMAND ${GZIP} -9nf ${changelog} ${pages} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
