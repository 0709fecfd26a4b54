# Run by `cmake --install`: fills in the paths in the files below, which depend on the prefix of the
# installation. With the prefix /usr the configuration is in /etc.
cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_PREFIX OUTPUT_VARIABLE prefix)
cmake_path(IS_ABSOLUTE COVEN_SYSCONFDIR absolute)
if(absolute)
    set(COVEN_CONFIG_DIR ${COVEN_SYSCONFDIR}/coven)
elseif(prefix STREQUAL "/usr")
    set(COVEN_CONFIG_DIR /${COVEN_SYSCONFDIR}/coven)
else()
    set(COVEN_CONFIG_DIR ${prefix}/${COVEN_SYSCONFDIR}/coven)
endif()
cmake_path(ABSOLUTE_PATH COVEN_SBINDIR BASE_DIRECTORY ${prefix})
cmake_path(ABSOLUTE_PATH COVEN_MANDIR BASE_DIRECTORY ${prefix})
cmake_path(ABSOLUTE_PATH COVEN_DATADIR BASE_DIRECTORY ${prefix})

foreach(name coven.service covend.conf covend.8)
    configure_file(${COVEN_DIST}/${name} ${COVEN_WRITTEN}/${name} @ONLY)
endforeach()
file(INSTALL DESTINATION ${prefix}/lib/systemd/system TYPE FILE
    FILES ${COVEN_WRITTEN}/coven.service)
file(INSTALL DESTINATION ${COVEN_MANDIR}/man8 TYPE FILE FILES ${COVEN_WRITTEN}/covend.8)

# Keep an existing configuration; install a different one beside it.
set(there $ENV{DESTDIR}${COVEN_CONFIG_DIR}/covend.conf)
if(EXISTS ${there})
    file(SHA256 ${there} old)
    file(SHA256 ${COVEN_WRITTEN}/covend.conf new)
    if(NOT old STREQUAL new)
        message("-- Keeping: ${there} (the new one is covend.conf.new)")
        file(INSTALL DESTINATION ${COVEN_CONFIG_DIR} TYPE FILE
            FILES ${COVEN_WRITTEN}/covend.conf RENAME covend.conf.new)
    endif()
else()
    file(INSTALL DESTINATION ${COVEN_CONFIG_DIR} TYPE FILE FILES ${COVEN_WRITTEN}/covend.conf)
endif()
